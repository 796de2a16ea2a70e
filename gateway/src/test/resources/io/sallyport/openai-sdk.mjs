// What an application does with the unmodified package `openai`; run by OpenAiSdkTest, which copies
// it beside the installed package. Arguments: the gateway's address, and what to do. Prints JSON.
import OpenAI, { APIError, BadRequestError, toFile } from 'openai';

const [, , address, action] = process.argv;
const client = new OpenAI({ apiKey: 'the-upstreams-own-key', baseURL: `${address}/v1` });

/** A picture that the service draws, as a file to send back. */
async function drawn(prompt) {
  const made = await client.images.generate({ model: 'stand-in-1', prompt });
  return toFile(Buffer.from(made.data[0].b64_json, 'base64'), 'a picture.png', { type: 'image/png' });
}

const aHouse = {
  model: 'stand-in-1',
  modalities: ['image', 'text'],
  messages: [{ role: 'user', content: 'a house' }],
};

const drawing = {
  model: 'stand-in-1',
  input: 'a house',
  tools: [{ type: 'image_generation', partial_images: 1 }],
};

const pictures = ({ images }) => (images ?? []).map((it) => it.image_url.url);

/** What came of a chat, or what the SDK raised and what had come before. */
async function chatted(call, before = []) {
  try {
    return { raised: false, said: await call() };
  } catch (e) {
    return {
      raised: true,
      said: before,
      apiError: e instanceof APIError,
      badRequest: e instanceof BadRequestError,
      code: e.code,
      type: e.type,
      stage: e.error?.moderation_details?.moderation_stage,
    };
  }
}

/** What the SDK made of a call. */
async function told(call) {
  try {
    return { raised: false, image: (await call).data[0].b64_json };
  } catch (e) {
    return {
      raised: true,
      badRequest: e instanceof BadRequestError,
      status: e.status,
      code: e.code,
      stage: e.error?.moderation_details?.moderation_stage,
      requestId: e.requestID,
    };
  }
}

const actions = {
  async edits() {
    const green = await drawn('a green square');
    const magenta = await drawn('a magenta square');
    const model = 'stand-in-1';
    const { images } = client;
    return {
      one: await told(images.edit({ model, prompt: 'make it blue', image: green, n: 1 })),
      several: await told(
        images.edit({ model, prompt: 'join them', image: [green, green], mask: green, user: 'u-1' }),
      ),
      word: await told(images.edit({ model, prompt: 'add a zeppelin', image: green })),
      picture: await told(images.edit({ model, prompt: 'make it blue', image: [green, magenta] })),
      mask: await told(images.edit({ model, prompt: 'make it blue', image: green, mask: magenta })),
      variation: await told(images.createVariation({ model, image: green, size: '256x256' })),
      badVariation: await told(images.createVariation({ model, image: magenta })),
    };
  },

  async generate() {
    const { data, response } = await client.images
      .generate({ model: 'stand-in-1', prompt: 'a green circle', size: '256x256' })
      .withResponse();
    return {
      image: data.data[0].b64_json,
      requestId: response.headers.get('x-request-id'),
      ownRequestId: data._request_id,
    };
  },

  async refused() {
    try {
      await client.images.generate({ model: 'stand-in-1', prompt: 'a zeppelin', size: '256x256' });
      return { raised: false };
    } catch (e) {
      return {
        raised: true,
        badRequest: e instanceof BadRequestError,
        status: e.status,
        code: e.code,
        type: e.type,
        requestId: e.requestID,
        header: e.headers.get('x-request-id'),
        details: e.error.moderation_details,
      };
    }
  },

  async stream() {
    const events = [];
    try {
      const stream = await client.images.generate({
        model: 'stand-in-1',
        prompt: 'a green circle',
        stream: true,
        partial_images: 2,
      });
      for await (const event of stream) {
        events.push(`${event.type} ${event.b64_json}`);
      }
      return { raised: false, events };
    } catch (e) {
      return {
        raised: true,
        events,
        apiError: e instanceof APIError,
        badRequest: e instanceof BadRequestError,
        code: e.code,
        type: e.type,
        details: e.error.moderation_details,
      };
    }
  },

  async chat() {
    return chatted(async () => {
      const { choices } = await client.chat.completions.create(aHouse);
      return choices.flatMap(({ message }) => [message.content, ...pictures(message)]);
    });
  },

  async chatStream() {
    const events = [];
    return chatted(async () => {
      const stream = await client.chat.completions.create({ ...aHouse, stream: true });
      for await (const { choices } of stream) {
        choices.forEach(({ delta }) => events.push(delta.content ?? '', ...pictures(delta)));
      }
      return events;
    }, events);
  },

  async responses() {
    return chatted(async () => {
      const { output } = await client.responses.create(drawing);
      return output.filter((it) => it.type === 'image_generation_call').map((it) => it.result);
    });
  },

  async responsesStream() {
    const events = [];
    return chatted(async () => {
      const stream = await client.responses.create({ ...drawing, stream: true });
      for await (const event of stream) {
        events.push(event.type);
      }
      return events;
    }, events);
  },

  async models() {
    const ids = [];
    for await (const model of client.models.list()) {
      ids.push(model.id);
    }
    return { ids };
  },

  async moderations() {
    const one = await client.moderations.create({ input: 'a zeppelin' });
    const two = await client.moderations.create({
      model: 'omni-moderation-latest',
      input: ['a house', 'a zeppelin'],
    });
    return {
      id: one.id,
      flagged: one.results[0].flagged,
      scores: one.results[0].category_scores,
      list: two.results.map((result) => result.flagged),
    };
  },

  async overload() {
    const patient = client.withOptions({ maxRetries: 8 });
    const answer = await patient.images.generate({ prompt: 'a green circle', size: '256x256' });
    return { images: answer.data.length };
  },
};

console.log(JSON.stringify(await actions[action]()));
