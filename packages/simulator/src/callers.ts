import type { Random } from "./prng.ts";
import { createCaller, type Caller } from "./wires/cloudtrail.ts";
import type { World } from "./world.ts";

/** Who calls Connect's API. Addresses are from the ranges kept for documentation. */
export interface Callers {
  /** A wallboard that polls metrics. */
  readonly wallboard: Caller;
  /** The Lambda function that the main flow invokes. */
  readonly lookup: Caller;
  readonly crm: Caller;
  /** The website's back end that starts chats. */
  readonly webChat: Caller;
  /** The person who publishes flows. */
  readonly deployer: Caller;
  /** A stack that CloudFormation updates on behalf of a user. */
  readonly stack: Caller;
  /** Global Resiliency copying changes to the replica. */
  readonly synchronization: Caller;
  /** People at work in the admin website: their session is their Connect user id, their address Connect's own. */
  readonly website: readonly Caller[];
  /** The administrator of the account, signed in through IAM Identity Center. */
  readonly administrator: Caller;
  /** Somebody who should not be there: an access key that leaked. */
  readonly intruder: Caller;
}

const SDK = "aws-sdk-js/3.1136.0 ua/2.1 os/linux lang/js md/nodejs#20.18.0 api/connect#3.1136.0";
const SERVICE_ROLE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz";

export function createCallers(random: Random, world: World): Callers {
  const lambda = { userAgent: `${SDK} exec-env/AWS_Lambda_nodejs20.x` };
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
      functionArn: world.lookupFunctionArn,
    }),
    crm: createCaller(random, {
      ...lambda,
      role: "CrmIntegration",
      session: "crm-screen-pop",
      sourceIp: "198.51.100.14",
    }),
    webChat: createCaller(random, {
      ...lambda,
      role: "WebChatBackend",
      session: "web-chat",
      sourceIp: "198.51.100.31",
    }),
    deployer: createCaller(random, {
      role: "Deployer",
      session: "ana.ferreira@example.com",
      sourceIp: "203.0.113.77",
      userAgent:
        "aws-cli/2.31.3 md/awscrt#0.27.6 ua/2.1 os/macos#25.0.0 lang/python#3.13.7 md/command#connect.update-contact-flow-content",
    }),
    ...serviceCallers(random, world),
    administrator: createCaller(random, {
      role: "AWSReservedSSO_AdministratorAccess_0123456789abcdef",
      rolePath: "/aws-reserved/sso.amazonaws.com/",
      session: "jonas.weber@example.com",
      sourceIp: "203.0.113.12",
      userAgent:
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    }),
    intruder: createCaller(random, {
      type: "IAMUser",
      role: "ci-backup",
      session: "",
      sourceIp: "198.51.100.211",
      userAgent: "Boto3/1.34.11 md/Botocore#1.34.11 ua/2.0 os/linux#6.5.0 md/arch#x86_64 lang/python#3.11.6",
    }),
  };
}

/** Calls that AWS's own services make on somebody's behalf. */
function serviceCallers(random: Random, world: World): Pick<Callers, "stack" | "synchronization" | "website"> {
  const suffix = () => random.token(SERVICE_ROLE_ALPHABET, 20);
  const website = {
    role: `AWSServiceRoleForAmazonConnect_${suffix()}`,
    rolePath: "/aws-service-role/connect.amazonaws.com/",
    sourceIp: "connect.amazonaws.com",
    userAgent: "connect.amazonaws.com",
  };
  const cloudFormation = "cloudformation.amazonaws.com";
  const synchronization = "synchronization.connect.amazonaws.com";
  return {
    stack: createCaller(random, {
      type: "IAMUser",
      role: "deployer",
      session: "",
      sourceIp: cloudFormation,
      userAgent: cloudFormation,
      invokedBy: cloudFormation,
    }),
    synchronization: createCaller(random, {
      role: `AWSServiceRoleForAmazonConnectSynchronization_${suffix()}`,
      rolePath: "/aws-service-role/synchronization.connect.amazonaws.com/",
      session: "ResourceSynchronization",
      sourceIp: synchronization,
      userAgent: synchronization,
      invokedBy: synchronization,
    }),
    website: world.supervisorIds.map((session) => createCaller(random, { ...website, session })),
  };
}
