export { orderFateText } from "../../measure/summary/order-fate-text.ts";
