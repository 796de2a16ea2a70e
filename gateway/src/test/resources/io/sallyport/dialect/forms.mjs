// Forms as Node's own fetch writes and reads them; run by FormDifferentialTest. Arguments: what to
// do, and a file of JSON. Prints JSON.
import { readFileSync } from 'node:fs';

// exit code 86: too old to be compared with; before 20, another reader of forms
if (parseInt(process.versions.node, 10) < 20) {
  process.exit(86);
}

const [, , action, file] = process.argv;
const input = JSON.parse(readFileSync(file, 'utf8'));

const bytes = (base64) => Buffer.from(base64, 'base64');

/** A list of {name, value} or {name, filename, content} becomes {type, body}. */
async function write(parts) {
  const form = new FormData();
  for (const part of parts) {
    if (part.filename === undefined) {
      form.append(part.name, part.value);
    } else {
      form.append(part.name, new Blob([bytes(part.content)], { type: 'image/png' }), part.filename);
    }
  }
  const body = new Response(form);
  return {
    type: body.headers.get('content-type'),
    body: Buffer.from(await body.arrayBuffer()).toString('base64'),
  };
}

/** {type, body} becomes a list of name, file name or null, and content; null when it is no form. */
async function read({ type, body }) {
  let form;
  try {
    form = await new Response(bytes(body), { headers: { 'content-type': type } }).formData();
  } catch {
    return null;
  }
  const parts = [];
  for (const [name, value] of form) {
    const isFile = typeof value !== 'string';
    const content = isFile ? Buffer.from(await value.arrayBuffer()) : Buffer.from(value, 'utf8');
    parts.push([name, isFile ? value.name : null, content.toString('base64')]);
  }
  return parts;
}

const actions = { write, read };
console.log(JSON.stringify(await Promise.all(input.map(actions[action]))));
