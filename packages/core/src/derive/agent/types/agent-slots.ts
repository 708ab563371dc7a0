/** How many contacts of a channel an agent can have at once, by the routing profile, and how many more now. */
export interface AgentSlots {
  readonly channel: string | null;
  readonly available_slots: number | null;
  readonly maximum_slots: number | null;
}
