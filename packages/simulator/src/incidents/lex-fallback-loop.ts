import type { ApiCall } from "../wires/cloudtrail.ts";
import { during, Story, type Incident } from "./incident.ts";

export const LEX_FALLBACK_LOOP: Incident = {
  name: "lex-fallback-loop",
  summary: "A bot alias is pointed at an untrained version: callers go round the fallback until the flow gives up.",
  wires: ["flow_log", "cloudtrail"],
  plan: (stage, span) => {
    // the instance has a bot for a menu, and it works until the alias is moved
    stage.conditions.hasBotMenu = true;
    const story = new Story(stage, {
      name: "lex-fallback-loop",
      span,
      whatHappened:
        "The alias 'live' of the bot was moved to a version without training. Every answer was FallbackIntent, so callers were asked six times before the flow chose a queue for them.",
      lookAt: [
        "flow_log: GetUserInput with Results 'Fallbackintent', again and again for one contact",
        "cloudtrail: UpdateBotAlias by lex just before",
      ],
    });
    const moveAlias = (version: string): ApiCall => ({
      name: "UpdateBotAlias",
      eventSource: "lex.amazonaws.com",
      caller: stage.callers.deployer,
      request: { botAliasName: "live", botVersion: version, botAliasId: stage.world.botAliasArn.split("/").at(-1) },
      response: { botVersion: version, botAliasStatus: "Available" },
      isReadOnly: false,
    });
    during(
      stage,
      span,
      () => {
        story.call(moveAlias("12"));
        stage.conditions.isBotConfused = true;
      },
      () => {
        story.call(moveAlias("11"));
        stage.conditions.isBotConfused = false;
      },
    );
  },
};
