// Makes nsfwjs-parity.json: what the original model says about generated pictures.
//
// In an empty folder: copy this file, `npm i nsfwjs@4.4.0 @tensorflow/tfjs@4.22.0 buffer`, then
// `node nsfwjs-parity.mjs > nsfwjs-parity.json` (pure-JS CPU backend, about 2 s per picture).
// The picture formulas are integers only, and are repeated in GeneratedPictures.java.
import * as tf from "@tensorflow/tfjs";
import { load } from "nsfwjs/core";
import { MobileNetV2MidModel } from "nsfwjs/models/mobilenet_v2_mid";

console.info = console.warn = () => {};
const SIDE = 224;
const PALETTE = [[200, 80, 60], [60, 160, 90], [70, 90, 180], [230, 230, 220]];
let state = 2026;
const next = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state >>> 24;
};
const squared = (x, y) => (x - 112) * (x - 112) + (y - 112) * (y - 112);
const pictures = {
  white: () => [255, 255, 255],
  grey: () => [128, 128, 128],
  gradient: (x, y) => [x, y, 128],
  checkerboard: (x, y) => Array(3).fill((((x >> 4) + (y >> 4)) & 1) * 255),
  rings: (x, y) => {
    const ring = (squared(x, y) >> 5) & 255;
    return [ring, (squared(x, y) >> 6) & 255, 255 - ring];
  },
  disc: (x, y) => (squared(x, y) < 6400 ? [30, 60, 200] : [240, 220, 60]),
  stripes: (x, y) => PALETTE[((x + y) >> 3) % 4],
  noise: () => [next(), next(), next()],
};

await tf.setBackend("cpu");
const model = await load("MobileNetV2Mid", { modelDefinitions: [MobileNetV2MidModel] });
const probabilities = {};
for (const [name, colour] of Object.entries(pictures)) {
  const values = new Int32Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) values.set(colour(x, y), (y * SIDE + x) * 3);
  // infer() divides by 255 and, because the side is already 224, does not resize.
  const output = model.infer(tf.tensor3d(values, [SIDE, SIDE, 3], "int32"));
  probabilities[name] = Array.from(await output.data());
}
const note =
  "Class probabilities by nsfwjs 4.4.0 MobileNetV2Mid on @tensorflow/tfjs 4.22.0 (CPU backend, Node) " +
  "for generated 224x224 pictures; made by nsfwjs-parity.mjs beside this file.";
const labels = ["drawing", "hentai", "neutral", "porn", "sexy"];
process.stdout.write(JSON.stringify({ note, labels, probabilities }, null, 1) + "\n");
