// The CCP's own redaction lets credentials through: call tokens, TURN and ICE passwords, presigned WebSocket URLs
// (seen in a call of the real library). They are of no use for finding a fault and must not be stored.

const TRIGGER = /[tT]oken|ice-(?:ufrag|pwd)|credential|X-Amz-|password/;

// Values stand in JSON, or in JSON inside a JSON string, where quotes are escaped: \" or \\\".
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [
    /(\\*"(?:callContextToken|mediaLegContextToken|peerConnectionToken|authenticationToken|connectionAuthenticationToken|authToken|accessToken|refreshToken|sessionToken|securityToken|participantToken|credential|password)\\*"\s*:\s*\\*")[^"\\]+/gi,
    "$1[redacted]",
  ],
  [/(a=ice-(?:ufrag|pwd):)[^\\\s"]+/g, "$1[redacted]"],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\\\s"]+/g, "$1[redacted]"],
];

/** The text with credentials replaced by `[redacted]`; the same string when there are none. */
export function redactSecrets(text: string): string {
  if (!TRIGGER.test(text)) return text;
  return SECRETS.reduce((redacted, [pattern, replacement]) => redacted.replaceAll(pattern, replacement), text);
}
