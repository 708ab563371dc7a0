import * as fc from "fast-check";

// Properties are tried with the same values in every run, so that a change that is checked fails for what it did. Other
// values are tried with `PROPERTY_SEED=1 npm test`; what that finds becomes a test by example.
fc.configureGlobal({ seed: Number(process.env["PROPERTY_SEED"] ?? 20_261_125) });
