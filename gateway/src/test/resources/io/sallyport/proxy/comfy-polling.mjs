// Runs one prompt with the unmodified client of ComfyUI, without a WebSocket, and prints what came
// of it.
import {Client} from '@stable-canvas/comfyui-client';

const [host, user, text] = process.argv.slice(2);
const calls = [];
const client = new Client({
  api_host: host,
  clientId: 'c-' + user,
  WebSocket: class {},
  fetch: (url, options) => {
    calls.push((options?.method ?? 'GET') + ' ' + new URL(url).pathname);
    const headers = new Headers(options?.headers);
    headers.set('x-user', user);
    return fetch(url, {...options, headers});
  },
});
const graph = {
  3: {class_type: 'KSampler', inputs: {
    seed: 1, steps: 4, cfg: 7, sampler_name: 'euler', scheduler: 'normal', denoise: 1,
    model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0]}},
  4: {class_type: 'CheckpointLoaderSimple', inputs: {ckpt_name: 'm.safetensors'}},
  5: {class_type: 'EmptyLatentImage', inputs: {width: 64, height: 64, batch_size: 1}},
  6: {class_type: 'CLIPTextEncode', inputs: {text, clip: ['4', 1]}},
  7: {class_type: 'CLIPTextEncode', inputs: {text: 'bicycle', clip: ['4', 1]}},
  8: {class_type: 'VAEDecode', inputs: {samples: ['3', 0], vae: ['4', 2]}},
  9: {class_type: 'SaveImage', inputs: {filename_prefix: 'ComfyUI', images: ['8', 0]}},
};
const said = {};
await client
  .enqueue_polling(graph, {polling_ms: 20, timeout_ms: 20_000})
  .then(async (out) => {
    said.images = out.images.map((it) => it.data);
    said.history = (await client.getHistory()).History.map((it) => it.prompt[1]);
    await client.interrupt(out.prompt_id);
    await client.deleteItem('history', out.prompt_id);
  })
  .catch((error) => {
    said.error = error.name;
    said.status = error.status;
    said.all = JSON.stringify(error.json);
  });
said.refused = [];
for (const forbidden of [() => client.interrupt(), () => client.clearItems('queue')]) {
  await forbidden().catch((error) => said.refused.push(error.status));
}
said.calls = calls;
console.log(JSON.stringify(said));
