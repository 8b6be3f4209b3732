/** Elements of the space station of 2008: SGP4 has long run them into the ground. */
export const expiredTle = [
  "ISS (ZARYA)",
  "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927",
  "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537",
  "",
].join("\n");
