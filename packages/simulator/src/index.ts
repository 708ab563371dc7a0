export { createSimulation, type Simulation, type SimulationOptions } from "./simulation.ts";
export type { Emission } from "./emission.ts";
export { toCloudWatchPayload } from "./wires/flow-log.ts";
