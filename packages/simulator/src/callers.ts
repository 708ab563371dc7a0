import type { Random } from "./prng.ts";
import { createCaller, type Caller } from "./wires/cloudtrail.ts";
import { ACCOUNT_ID, REGION, type World } from "./world.ts";

export const LOOKUP_FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:customer-lookup`;

/** Who calls Connect's API. Addresses are from the ranges kept for documentation. */
export interface Callers {
  /** A wallboard that polls metrics. */
  readonly wallboard: Caller;
  /** The Lambda function that the main flow invokes. */
  readonly lookup: Caller;
  readonly crm: Caller;
  /** The person who publishes flows. */
  readonly deployer: Caller;
  /** People at work in the admin website: their session is their Connect user id, their address Connect's own. */
  readonly website: readonly Caller[];
}

const SDK = "aws-sdk-js/3.1136.0 ua/2.1 os/linux lang/js md/nodejs#20.18.0 api/connect#3.1136.0";

export function createCallers(random: Random, world: World): Callers {
  const lambda = { userAgent: `${SDK} exec-env/AWS_Lambda_nodejs20.x` };
  const linkedRole = `AWSServiceRoleForAmazonConnect_${random.token("ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz", 20)}`;
  const website = {
    role: linkedRole,
    rolePath: "/aws-service-role/connect.amazonaws.com/",
    sourceIp: "connect.amazonaws.com",
  };
  return {
    wallboard: createCaller(random, {
      role: "Wallboard",
      session: "wallboard",
      sourceIp: "192.0.2.22",
      userAgent: SDK,
    }),
    lookup: createCaller(random, {
      ...lambda,
      role: "customer-lookup-role",
      session: "customer-lookup",
      sourceIp: "192.0.2.41",
      functionArn: LOOKUP_FUNCTION_ARN,
    }),
    crm: createCaller(random, {
      ...lambda,
      role: "CrmIntegration",
      session: "crm-screen-pop",
      sourceIp: "198.51.100.14",
    }),
    deployer: createCaller(random, {
      role: "Deployer",
      session: "ana.ferreira@example.com",
      sourceIp: "203.0.113.77",
      userAgent:
        "aws-cli/2.31.3 md/awscrt#0.27.6 ua/2.1 os/macos#25.0.0 lang/python#3.13.7 md/command#connect.update-contact-flow-content",
    }),
    website: world.supervisorIds.map((session) =>
      createCaller(random, { ...website, session, userAgent: "connect.amazonaws.com" }),
    ),
  };
}
