// What an application does with the unmodified package `@google/genai`; run by GenAiSdkTest, which
// copies it beside the installed package. Arguments: the gateway's address, and what to do. Prints
// JSON.
import { ApiError, GoogleGenAI } from '@google/genai';

const [, , address, action] = process.argv;
const ai = new GoogleGenAI({ apiKey: 'the-upstreams-own-key', httpOptions: { baseUrl: address } });
const config = { responseModalities: ['IMAGE', 'TEXT'], imageConfig: { aspectRatio: '1:1' } };

/** What an application looks at. */
const told = (reply) => ({
  text: (reply.candidates?.[0]?.content?.parts ?? []).map((part) => part.text ?? '').join(''),
  images: (reply.candidates?.[0]?.content?.parts ?? [])
    .filter((part) => part.inlineData)
    .map((part) => part.inlineData.data),
  finished: reply.candidates?.[0]?.finishReason,
  blocked: reply.promptFeedback?.blockReason,
});

const ask = (text) => ai.models.generateContent({ model: 'stand-in-1', contents: text, config });

const actions = {
  async generate() {
    return told(await ask('a house'));
  },

  async refused() {
    return told(await ask('a bicycle'));
  },

  async edit() {
    const inlineData = { mimeType: 'image/png', data: Buffer.from('all red').toString('base64') };
    return told(await ask([{ role: 'user', parts: [{ text: 'make it blue' }, { inlineData }] }]));
  },

  async stream() {
    const chunks = [];
    try {
      const contents = 'a house';
      const stream = await ai.models.generateContentStream({ model: 'stand-in-1', contents, config });
      for await (const chunk of stream) {
        chunks.push(told(chunk));
      }
      return { raised: false, chunks };
    } catch (e) {
      return { raised: true, chunks, apiError: e instanceof ApiError, status: e.status };
    }
  },
};

console.log(JSON.stringify(await actions[action]()));
