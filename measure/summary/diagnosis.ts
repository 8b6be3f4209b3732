import { formatBytes, formatCount, formatCountOf } from "../../pipeline/format.ts";
import type { AgreementSummary, PolicySummary, RunSummary } from "./run-summary.ts";

/** Whether neither side found anything, so that agreement says nothing. */
export const hasNothing = ({ ofRaw, ofPolicy }: AgreementSummary): boolean => ofRaw === 0 && ofPolicy === 0;

/** What became of the bytes that did not come down. */
const whereabouts = ({ conservation: { onBoardBytes, droppedBytes } }: PolicySummary): string => {
  const dropped = Object.values(droppedBytes).reduce((sum, bytes) => sum + bytes, 0);
  return [
    ...(onBoardBytes > 0 ? [`${formatBytes(onBoardBytes)} are still on board`] : []),
    ...(dropped > 0 ? [`${formatBytes(dropped)} were given up because the store was full`] : []),
  ].join(", ");
};

/** Why a policy brought no detection to the ground; `null` where the model looked at what there is and found nothing. */
const whyEmpty = (policy: PolicySummary): string | null => {
  const { acquisitions, tiles, detections, products } = policy;
  const name = policy.policy;
  if (acquisitions.captured === 0)
    return `${name}: no picture could be taken, so there was nothing to look at.`;
  if (detections.onBoard > 0) {
    const rest = whereabouts(policy);
    return `${name}: ${formatCountOf(detections.onBoard, "detection")} made on board, none on the ground: the link did not carry them${rest === "" ? "" : `; ${rest}`}.`;
  }
  if (tiles.processedOnBoard + tiles.processedOnGround > 0) {
    const missing = products.made - products.delivered;
    return missing > 0 && tiles.processedOnBoard === 0
      ? `${name}: the ground found nothing in the ${formatCountOf(products.delivered, "product")} that came down; ${formatCount(missing)} of ${formatCount(products.made)} did not.`
      : null;
  }
  if (products.made === 0 && tiles.screenedCloudy + tiles.screenedEmpty > 0) {
    return `${name}: every tile was left out on board (${formatCount(tiles.screenedEmpty)} empty, ${formatCount(tiles.screenedCloudy)} cloudy), so the model saw none.`;
  }
  if (products.made > 0 && products.delivered === 0) {
    const rest = whereabouts(policy);
    return `${name}: none of ${formatCountOf(products.made, "product")} came down, so the model on the ground saw nothing${rest === "" ? "" : `; ${rest}`}.`;
  }
  return `${name}: the model looked at no tile.`;
};

/**
 * What stands in the way of an answer, a sentence or two each: nothing found, or found and not delivered, are different things; and
 * a comparison needs something to compare. Empty where there is nothing to say.
 */
export const diagnoses = (summary: RunSummary): readonly string[] => {
  const { policies, model, dataset } = summary;
  const empty = policies.filter(({ detections }) => detections.delivered === 0);
  const why = empty.map((policy) => whyEmpty(policy));
  const told = why.filter((text) => text !== null);
  const isNothingThere = policies.length === empty.length && told.length < why.length;
  const raw = policies.find(({ policy }) => policy === "raw");
  const compared = policies.filter(({ agreementWithRaw, policy }) => agreementWithRaw && policy !== "raw");
  const isCompared = compared.some(({ agreementWithRaw: one }) => one !== null && !hasNothing(one));
  return [
    ...told,
    ...(isNothingThere
      ? [
          `Nothing was found: ${model.name} gave no detection of score ${model.scoreThreshold} or more in ${formatCountOf(dataset.scenes, "scene")}.\n\`swath model check\` shows lower scores; see that bands, units and pixel size are those that the model was made for.`,
        ]
      : []),
    ...(raw !== undefined && compared.length > 0 && !isCompared
      ? ["Nothing to compare: neither raw nor any other policy brought a detection to the ground."]
      : []),
  ];
};

/** What a comparison of policies lacks: said where somebody asked for one. */
export const nothingToCompare = ({ policies, dataset }: RunSummary): readonly string[] => {
  const [only, ...others] = policies;
  const isUnlabelled = !dataset.labelled;
  if (only !== undefined && others.length === 0) {
    return [`Nothing to compare: ${only.policy} is the only policy that ran.`];
  }
  return policies.every(({ policy }) => policy !== "raw") && isUnlabelled
    ? ["Detections were compared with nothing: there are no labels, and raw did not run."]
    : [];
};
