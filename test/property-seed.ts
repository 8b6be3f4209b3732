import fc from "fast-check";

/**
 * Property tests draw the same cases in every run, so that a failure is the fault of the change that shows it.
 * `npm run test:long` draws new ones each time; a failure there prints its seed.
 */
if (process.env["SWATH_LONG"] === undefined) fc.configureGlobal({ seed: 20_260_101 });
