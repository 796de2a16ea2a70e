// Runs one prompt with the unmodified client of ComfyUI and prints what came of it.
import {Client} from '@stable-canvas/comfyui-client';
import {WebSocket} from 'ws';

const [host, text] = process.argv.slice(2);
const client = new Client({api_host: host, clientId: 'c1', WebSocket, fetch});
await client.connect();
const said = {progress: []};
const graph = {
  6: {class_type: 'CLIPTextEncode', inputs: {text, clip: ['4', 1]}},
  9: {class_type: 'SaveImageWebsocket', inputs: {images: ['8', 0]}},
};
const running = client
  .enqueue(graph, {progress: (it) => said.progress.push(it.value), timeout_ms: 60_000})
  .then((out) => {
    said.images = out.images.map((it) =>
      it.type === 'buff' ? Buffer.from(it.data).toString('latin1') : it.data);
  })
  .catch(async (error) => {
    said.name = error.name;
    said.answer = JSON.stringify(await error.json);
    said.all = JSON.stringify(error, Object.getOwnPropertyNames(error));
  });
// it takes an image in later than what says that all is done
client.on('image_data', () => client.getQueue());
// the client listens from now on: the service may begin
const ready = setInterval(() => {
  if (client.registered.includes('execution_error')) {
    clearInterval(ready);
    client.getQueue();
  }
}, 20);
await running;
clearInterval(ready);
console.log(JSON.stringify(said));
client.close();
process.exit(0);
