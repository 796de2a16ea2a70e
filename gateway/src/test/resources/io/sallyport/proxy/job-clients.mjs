// What applications do with the unmodified packages `replicate` and `@fal-ai/client`; run by
// JobClientsTest, which copies it beside the installed packages. Arguments: the gateway's address,
// which client, how it waits, and the prompt. Prints JSON.
import Replicate from 'replicate';
import { createFalClient, ApiError, ValidationError } from '@fal-ai/client';

const [, , address, client, wait, prompt] = process.argv;
const calls = [];

/** The usual fetch, which also counts calls of the service. */
async function counted(url, init) {
  if (!String(url).startsWith('data:')) {
    calls.push(init?.method ?? 'GET');
  }
  return fetch(url, init);
}

const clients = {
  async replicate() {
    const replicate = new Replicate({
      auth: 'the-upstreams-own-key',
      baseUrl: `${address}/v1`,
      fetch: counted,
    });
    // a text: the client would upload a file, and mistakes itself for the input with data-uri (1.4.0)
    const picture = Buffer.from('\x89PNG\r\n a picture of the client that is fine', 'latin1');
    const image = `data:image/png;base64,${picture.toString('base64')}`;
    const output = await replicate.run('org/name', {
      input: { prompt, image },
      wait: wait === 'block' ? { mode: 'block' } : { mode: 'poll', interval: 10 },
    });
    const pictures = [];
    for (const file of output) {
      pictures.push(await (await file.blob()).text());
    }
    return { pictures };
  },

  async fal() {
    const fal = createFalClient({
      credentials: 'the-upstreams-own-key',
      fetch: counted,
      requestMiddleware: async (request) => ({
        ...request,
        url: request.url.replace('https://queue.fal.run', address),
      }),
    });
    const states = [];
    const { data } = await fal.subscribe('fal-ai/flux/dev', {
      input: { prompt },
      pollInterval: 10,
      logs: true,
      onQueueUpdate: (update) => states.push(update.status),
    });
    const pictures = [];
    for (const image of data.images) {
      pictures.push(await (await fetch(image.url)).text());
    }
    return { pictures, states };
  },
};

let said;
try {
  said = { raised: false, ...(await clients[client]()) };
} catch (e) {
  said = {
    raised: true,
    name: e.name,
    message: e.message,
    status: e instanceof ApiError ? e.status : undefined,
    validation: e instanceof ValidationError,
    fields: e instanceof ValidationError ? e.getFieldErrors('prompt') : undefined,
  };
}
console.log(JSON.stringify({ ...said, calls }));
