/** How long the CTI service takes to accept a contact, and to hold or resume one. */
export const ACCEPT_TOOK_MS = 190;
export const HOLD_TOOK_MS = 140;
