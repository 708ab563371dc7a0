/** Where one Connect instance is. Account ids are those AWS reserves for documentation. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
  /** The Region that Global Resiliency links to it. */
  readonly replicaRegion: string;
  readonly alias: string;
  readonly city: string;
  readonly teams: readonly string[];
  /** Where in the list of agents' names this place begins, so that small places share none. */
  readonly firstName: number;
  readonly utcOffsetHours: number;
  readonly language: string;
  readonly systemNumber: string;
  /** Where customers write to. */
  readonly systemAddress: string;
  /** Numbers kept for drama or fiction, never in service: the prefix, then so many digits. */
  readonly customerNumbers: { readonly prefix: string; readonly digits: number };
}

/** The organization whose trail delivers every account's CloudTrail files. */
export const ORGANIZATION_ID = "o-exampleorgid";

/** Each account has one instance, so that a delivery folder never mixes two of them. */
export const PLACES: readonly Place[] = [
  {
    accountId: "111122223333",
    region: "eu-west-2",
    replicaRegion: "eu-central-1",
    alias: "example",
    city: "London",
    teams: ["Team Thames", "Team Severn", "Team Tyne"],
    firstName: 0,
    utcOffsetHours: 0,
    language: "en-GB",
    systemNumber: "+442079460100",
    systemAddress: "support.london@example.com",
    customerNumbers: { prefix: "+447700900", digits: 3 },
  },
  {
    accountId: "444455556666",
    region: "us-east-1",
    replicaRegion: "us-west-2",
    alias: "example-us",
    city: "Columbus",
    teams: ["Team Scioto", "Team Olentangy"],
    firstName: 15,
    utcOffsetHours: -5,
    language: "en-US",
    systemNumber: "+16145550100",
    systemAddress: "support.columbus@example.com",
    customerNumbers: { prefix: "+161455501", digits: 2 },
  },
  {
    accountId: "777788889999",
    region: "eu-central-1",
    replicaRegion: "eu-west-2",
    alias: "example-de",
    city: "Berlin",
    teams: ["Team Spree", "Team Havel"],
    firstName: 30,
    utcOffsetHours: 1,
    language: "de-DE",
    systemNumber: "+493023125000",
    systemAddress: "support.berlin@example.com",
    customerNumbers: { prefix: "+493023125", digits: 3 },
  },
  {
    accountId: "999988887777",
    region: "ca-central-1",
    replicaRegion: "us-east-1",
    alias: "example-ca",
    city: "Toronto",
    teams: ["Team Humber", "Team Don"],
    firstName: 45,
    utcOffsetHours: -5,
    language: "en-CA",
    systemNumber: "+14165550100",
    systemAddress: "support.toronto@example.com",
    customerNumbers: { prefix: "+141655501", digits: 2 },
  },
];

const AGENTS_FOR_TWO = 10;
const AGENTS_FOR_FOUR = 200;

/** How many agents work at each place: one place for a handful, all for a large centre. */
export function staffPlaces(agents: number): readonly number[] {
  const places = agents < AGENTS_FOR_TWO ? 1 : agents < AGENTS_FOR_FOUR ? 2 : PLACES.length;
  return Array.from({ length: places }, (_, index) => Math.floor((agents + places - 1 - index) / places));
}
