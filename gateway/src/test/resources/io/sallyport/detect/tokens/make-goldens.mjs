// Makes the small tokenizer.json files of this folder and the ids that the reference gives for them.
//
//   npm install --prefix /tmp/goldens @anush008/tokenizers@0.6.0 @huggingface/tokenizers@0.2.0
//   node make-goldens.mjs /tmp/goldens
//
// The vocabularies are learnt here, from the ordinary prompts of the tests. The ids are those of the
// Hugging Face "tokenizers" library itself (Rust 0.22.2, by way of @anush008/tokenizers); a second
// implementation in JavaScript (@huggingface/tokenizers) is asked too, and what it answers otherwise
// is counted and told. Equal inputs give equal files.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = process.argv[2];
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(packages, 'package.json'));
const rust = require('@anush008/tokenizers');
const script = require('@huggingface/tokenizers');

const prompts = readFileSync(join(here, '../text/ordinary-prompts.txt'), 'utf8')
  .split('\n').filter((line) => line && !line.startsWith('#'));

// ---- texts that are tokenized

const byHand = [
  '', ' ', '  two  spaces  ', '\ttab and\nnew line\r\n', 'a zeppelin over the harbour', 'Zeppelin ZEPPELIN zeppelin',
  "it's a dog's life, they'll say we've won; I'm sure he'd go, you're right", "'sail 'tis 'LL",
  'x'.repeat(120), 'bicycle'.repeat(20), 'caf\u00e9 cafe\u0301 \u00c5ngstr\u00f6m na\u00efve', '\u0130stanbul \u0131\u015f\u0131k', '\u039f\u0394\u039f\u03a3 \u03bf\u03b4\u03cc\u03c2',
  '\u6771\u4eac\u306e\u591c\u666f, \u4e0a\u6d77\u7684\u65e9\u6668', '\ud55c\uad6d\uc5b4 \ub3c4\uc2dc \uc57c\uacbd', '\u0645\u0646\u0638\u0631 \u0627\u0644\u0628\u062d\u0631', '\u092a\u0939\u093e\u0921\u093c \u0914\u0930 \u0928\u0926\u0940',
  '\ud83d\ude80 rocket \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 family', '\uff21\uff22\uff23 \uff11\uff12\uff13 \ufb01ne \u2460\u2461 \u337f', '50mm f/1.8, 4:3 --ar 16:9 (red:1.3)',
  'a\u00a0b\u2003c\u3000d\u0085e', 'soft\u00adhyphen zero\u200bwidth', '1234567890 12.5 \u0661\u0662\u0663 \u00bd \u2167', '!!!...???---___', 'a_b-c.d,e;f:g',
  '\u2581already \u2581\u2581there', '`` quoted \'\' "text"', 'trailing space ', ' leading space', 'a\u0300\u0301\u0302b', 'e\u0301\u0327 \u1e69', '\ud834\udd1e music \ud835\udd04',
  '<0x41> <0x4> <0xE2>', 'a,b,,c ,d', 'x-y--z -w', 'one...two.three. .', 'a/b//c', 'p:q::r', '((x) (y', 'a\u2581b', ' ', '   ', "!'s ''s 's", '12345', '<|ENDOFTEXT|>! a <|Endoftext|>b', 'zeppelin over zeppelins', 'a\n\nb\n\n\nc', '\ud83d\ude80\ud83d\ude80',
  'don\u2019t \u201cquote\u201d \u2014 dash\u2026', 'MiXeD CaSe WoRdS', 'na\u00efvet\u00e9 \u00c6ther \u00df STRASSE', 'line one\n\n\nline two', '\u0e17\u0e30\u0e40\u0e25\u0e2a\u0e27\u0e22', 'i\u0307 I\u0307',
];

function random(seed) { // mulberry32
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// Blocks that have been in Unicode for long, so that the tables of all implementations agree.
const blocks = [[0x20, 0x7e], [0x20, 0x7e], [0x61, 0x7a], [0x61, 0x7a], [0xa0, 0x17f], [0x391, 0x3c9], [0x410, 0x44f], [0x300, 0x30f],
  [0x5d0, 0x5ea], [0x620, 0x64a], [0x905, 0x939], [0xe01, 0xe2e], [0x3041, 0x3096], [0x4e00, 0x4e80], [0xac00, 0xac80], [0xff01, 0xff5e], [0x1f600, 0x1f640], [0x2000, 0x200f], [0x2460, 0x2473]];

function randomText(next) {
  let text = '';
  for (let i = 0, n = Math.floor(next() * 60); i < n; i++) {
    const [low, high] = blocks[Math.floor(next() * blocks.length)];
    const point = low + Math.floor(next() * (high - low + 1));
    if (point !== 0x3a2) text += next() < 0.2 ? ' ' : String.fromCodePoint(point);
  }
  return text;
}

const next = random(20261122);
const texts = [...byHand, ...prompts, ...Array.from({ length: 120 }, () => randomText(next))];

// ---- learning

const count = (map, key, by) => map.set(key, (map.get(key) ?? 0) + by);
const ranked = (map) => [...map].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
const words = new Map();
for (const prompt of prompts) for (const word of prompt.split(' ')) if (word) count(words, word, 1);
for (const word of ['zeppelin', 'Zeppelin', 'bicycle', 'bicycles', 'dog', 'beach']) count(words, word, 9);

const byteChars = (() => {
  const chars = [];
  let n = 0;
  for (let b = 0; b < 256; b++) {
    const plain = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
    chars.push(String.fromCodePoint(plain ? b : 256 + n++));
  }
  return chars;
})();

const bytesOf = (word) => [...Buffer.from(word)].map((b) => byteChars[b]);

function learnMerges(wanted, spelled = [...words].map(([word, times]) => [bytesOf(' ' + word), times])) {
  const merges = [];
  while (merges.length < wanted) {
    const pairs = new Map();
    for (const [symbols, times] of spelled) {
      for (let i = 1; i < symbols.length; i++) count(pairs, symbols[i - 1] + ' ' + symbols[i], times);
    }
    const [pair, times] = ranked(pairs)[0];
    if (times < 2) break;
    merges.push(pair);
    const [left, right] = pair.split(' ');
    for (const entry of spelled) {
      const merged = [];
      for (const symbol of entry[0]) {
        if (merged.at(-1) === left && symbol === right) merged[merged.length - 1] = left + right;
        else merged.push(symbol);
      }
      entry[0] = merged;
    }
  }
  return merges;
}

function learnPieces(wanted, mark) {
  const pieces = new Map();
  for (const [word, times] of words) {
    const points = [...(mark + word)];
    for (let i = 0; i < points.length; i++) {
      for (let j = i + 1; j <= Math.min(points.length, i + 9); j++) count(pieces, points.slice(i, j).join(''), times);
    }
  }
  const total = [...pieces.values()].reduce((a, b) => a + b, 0);
  const chars = new Set([...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-()/:\'"!?', mark, ...'\u00e9\u00e8\u00f6\u00fc\u0434\u043e\u043c\u6771\u4eac']);
  const kept = new Map([...chars].map((c) => [c, Math.log((pieces.get(c) ?? 1) / total)]));
  const useful = ranked(new Map([...pieces].filter(([p, n]) => n > 1 && [...p].length > 1).map(([p, n]) => [p, n * [...p].length])));
  for (const [piece] of useful.slice(0, wanted)) kept.set(piece, Math.log(pieces.get(piece) / total) + 1.1 * [...piece].length);
  return [...kept].map(([piece, score]) => [piece, Number(score.toFixed(6))]);
}

function learnWordPieces(wanted) {
  const pieces = new Map();
  for (const [word, times] of words) {
    for (const part of word.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]/gu)) {
      const points = [...part];
      count(pieces, part, times * 3);
      for (let i = 1; i < points.length; i++) for (let j = i + 1; j <= Math.min(points.length, i + 5); j++) count(pieces, '##' + points.slice(i, j).join(''), times);
    }
  }
  const all = new Set(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);
  for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\u00e9\u00e8\u00f6\u00fc\u0131\u03b1\u03b4\u03bf\u03c2\u03c3\u0434\u043e\u043c\u6771\u4eac') all.add(c).add('##' + c);
  for (const c of '.,-()/:\'"!?;_`[]') all.add(c);
  for (const [piece] of ranked(pieces).slice(0, wanted)) all.add(piece);
  return Object.fromEntries([...all].map((piece, id) => [piece, id]));
}

// ---- a precompiled character map, as SentencePiece writes one: a double array of bytes, then the replacements

function characterMap(rules) {
  const root = { children: new Map(), value: -1 };
  let replacements = Buffer.alloc(0);
  for (const [from, to] of rules) {
    let node = root;
    for (const byte of Buffer.from(from)) {
      if (!node.children.has(byte)) node.children.set(byte, { children: new Map(), value: -1 });
      node = node.children.get(byte);
    }
    node.value = replacements.length;
    replacements = Buffer.concat([replacements, Buffer.from(to), Buffer.from([0])]);
  }
  const units = new Uint32Array(1 << 14);
  const taken = new Set([0]);
  let top = 1;
  const place = (node, at) => {
    const labels = [...node.children.keys(), ...(node.value >= 0 ? [0] : [])].sort((a, b) => a - b);
    if (!labels.length) return;
    let base = 1;
    // Offsets of 2^21 and more are stored in steps of 256; this map never needs them.
    while (labels.some((label) => taken.has(base ^ label) ) || base === at) base++;
    labels.forEach((label) => { taken.add(base ^ label); top = Math.max(top, base ^ label); });
    units[at] |= ((at ^ base) << 10) >>> 0;
    if (node.value >= 0) {
      units[at] |= 1 << 8;
      units[base] = (node.value | 0x80000000) >>> 0;
    }
    for (const [label, child] of [...node.children].sort((a, b) => a[0] - b[0])) units[base ^ label] |= label;
    for (const [label, child] of [...node.children].sort((a, b) => a[0] - b[0])) place(child, base ^ label);
  };
  place(root, 0);
  const size = (Math.ceil((top + 1) / 256) + 1) * 256;
  const blob = Buffer.alloc(4 + 4 * size);
  blob.writeUInt32LE(4 * size, 0);
  for (let i = 0; i < size; i++) blob.writeUInt32LE(units[i], 4 + 4 * i);
  return Buffer.concat([blob, replacements]).toString('base64');
}

const charsmap = characterMap([
  ['\t', ' '], ['\n', ' '], ['\r', ' '], ['\u00a0', ' '], ['\u2003', ' '], ['\u3000', ' '], ['\u0085', ' '], ['\u200b', ''], ['\u00ad', ''], ['\ufb01', 'fi'],
  ['e\u0301', '\u00e9'], ['a\u0300', '\u00e0'], ['\u337f', '\u682a\u5f0f\u4f1a\u793e'], ['\u2460', '1'], ['\u2461', '2'], ['\u2026', '...'], ['\u00bd', '1\u20442'], ['\u2167', 'VIII'], ['\u1e69', '\u1e69'],
  ...Array.from({ length: 94 }, (_, i) => [String.fromCodePoint(0xff01 + i), String.fromCodePoint(0x21 + i)]),
]);

// ---- the files

const special = (id, content) => ({ id, content, single_word: false, lstrip: content === '<mask>', rstrip: false, normalized: false, special: true });
const file = (specials, normalizer, pre_tokenizer, post_processor, model) =>
  ({ version: '1.0', truncation: null, padding: null, added_tokens: specials.map(([id, content]) => special(id, content)), normalizer, pre_tokenizer, post_processor, decoder: null, model });
const template = (first, last) => ({
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: first[1], type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: last[1], type_id: 0 } }],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: Object.fromEntries([first, last].map(([id, content]) => [content, { id: content, ids: [id], tokens: [content] }])),
});

const bertSpecials = [[0, '[PAD]'], [1, '[UNK]'], [2, '[CLS]'], [3, '[SEP]'], [4, '[MASK]']];
const wordPieces = learnWordPieces(700);
const bert = (lowercase, strip_accents, handle_chinese_chars, post) =>
  file(bertSpecials, { type: 'BertNormalizer', clean_text: true, handle_chinese_chars, strip_accents, lowercase }, { type: 'BertPreTokenizer' }, post,
    { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: wordPieces });

const plainAdded = (json, first, contents) =>
  ({ ...json, added_tokens: [...json.added_tokens, ...contents.map((content, i) => ({ ...special(first + i, content), special: false }))] });
const at = (text, behavior, invert = false) => ({ type: 'Split', pattern: { String: text }, behavior, invert });

const robertaSpecials = [[0, '<s>'], [1, '<pad>'], [2, '</s>'], [3, '<unk>'], [4, '<mask>']];
const merges = learnMerges(900);
const bpeVocab = (specials) => {
  const vocab = new Map(specials.map(([id, content]) => [content, id]));
  for (const c of byteChars) vocab.set(c, vocab.size);
  for (const merge of merges) { const token = merge.replace(' ', ''); if (!vocab.has(token)) vocab.set(token, vocab.size); }
  return Object.fromEntries(vocab);
};
const bpe = (specials, pairs, empty) => ({ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: empty, end_of_word_suffix: empty, fuse_unk: false, ...(pairs ? { byte_fallback: false, ignore_merges: false } : {}),
  vocab: bpeVocab(specials), merges: pairs ? merges.map((merge) => merge.split(' ')) : merges });

// CLIP's: no space before a word, and a mark on its last byte.
const clipSpecials = (size) => [[size, '<|startoftext|>'], [size + 1, '<|endoftext|>']];
const clipWords = [...words].flatMap(([word, times]) => (word.toLowerCase().match(/\p{L}+|\p{N}|[^\p{L}\p{N}]+/gu) ?? []).map((part) => [part, times]));
const clipMerges = learnMerges(600, clipWords.map(([word, times]) => { const bytes = bytesOf(word); bytes.push(bytes.pop() + '</w>'); return [bytes, times]; }));
const clipTokens = [...byteChars, ...byteChars.map((c) => c + '</w>'), ...clipMerges.map((merge) => merge.replace(' ', ''))];
const clipEnds = clipSpecials(clipTokens.length);
const clip = { type: 'BPE', dropout: null, unk_token: '<|endoftext|>', continuing_subword_prefix: '', end_of_word_suffix: '</w>', fuse_unk: false,
  vocab: Object.fromEntries([...clipTokens, ...clipEnds.map(([, content]) => content)].map((token, id) => [token, id])), merges: clipMerges };
const clipSplit = { type: 'Split', pattern: { Regex: "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" }, behavior: 'Removed', invert: true };

// Characters, and bytes for those that are not there, as SentencePiece's BPE models have them.
const byteTokens = Array.from({ length: 256 }, (_, b) => '<0x' + b.toString(16).toUpperCase().padStart(2, '0') + '>');
const spmChars = [...'\u2581abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-()/:\'"!?\u00e9\u00e8\u0434\u043e\u043c\u6771\u4eac\ud83d\ude80'];
const spmMerges = learnMerges(600, [...words].map(([word, times]) => [[...('\u2581' + word)].filter((c) => spmChars.includes(c)), times]));
const spm = (specials, pairs) => ({ type: 'BPE', dropout: null, unk_token: '<unk>', continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: true, byte_fallback: true, ...(pairs ? { ignore_merges: false } : {}),
  vocab: Object.fromEntries([...new Set([...specials, ...byteTokens, ...spmMerges.map((merge) => merge.replace(' ', '')), ...spmChars])].map((token, id) => [token, id])), merges: pairs ? spmMerges.map((merge) => merge.split(' ')) : spmMerges });
const llamaSpecials = [[0, '<unk>'], [1, '<s>'], [2, '</s>']];
const gemmaSpecials = [[0, '<pad>'], [1, '<eos>'], [2, '<bos>'], [3, '<unk>']];
const gemmaAdded = ['<unused0>', 'zeppelin', 'zeppelin over', '\n\n', '\u2581\u2581'];
const oneEnd = (json, keep) => ({ ...json, single: json.single.filter((part) => !part.SpecialToken || part.SpecialToken.id === keep) });

const pieces = learnPieces(900, '\u2581');
const unigram = (specials, unk_id, bytes = []) => ({ type: 'Unigram', unk_id, vocab: [...specials.map(([, content]) => [content, 0]), ...bytes.map((token) => [token, 0]), ...pieces], byte_fallback: bytes.length > 0 });
const precompiled = { type: 'Precompiled', precompiled_charsmap: charsmap };
const spaces = (content) => ({ type: 'Replace', pattern: { Regex: ' {2,}' }, content });
const metaspace = { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true };
const debertaSpecials = [[0, '[PAD]'], [1, '[CLS]'], [2, '[SEP]'], [3, '[UNK]']];
const sequence = (...normalizers) => ({ type: 'Sequence', normalizers });

const families = {
  'bert-cased': bert(false, null, true, template([2, '[CLS]'], [3, '[SEP]'])),
  'bert-accents': bert(true, false, true, { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] }),
  'bert-stripped': bert(false, true, false, template([2, '[CLS]'], [3, '[SEP]'])),
  'roberta': file(robertaSpecials, null, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true }, { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0], trim_offsets: true, add_prefix_space: false }, bpe(robertaSpecials, false, '')),
  'roberta-prefix': file(robertaSpecials, { type: 'NFC' }, { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }, { type: 'Sequence', processors: [{ type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }, template([0, '<s>'], [2, '</s>'])] }, bpe(robertaSpecials, true, null)),
  'xlm-roberta': file(robertaSpecials.slice(0, 4), sequence(precompiled, { type: 'Strip', strip_left: false, strip_right: true }, spaces('\u2581')), metaspace, template([0, '<s>'], [2, '</s>']), unigram(robertaSpecials.slice(0, 4), 3)),
  'xlm-roberta-old': file(robertaSpecials.slice(0, 4), precompiled, { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', replacement: '\u2581', str_rep: '\u2581', add_prefix_space: true }] }, template([0, '<s>'], [2, '</s>']), unigram(robertaSpecials.slice(0, 4), 3)),
  'deberta-v3': file(debertaSpecials, sequence({ type: 'Strip', strip_left: true, strip_right: true }, precompiled, spaces(' ')), { type: 'Sequence', pretokenizers: [metaspace] }, template([1, '[CLS]'], [2, '[SEP]']), unigram(debertaSpecials, 3)),
  'albert': file(debertaSpecials, sequence({ type: 'Replace', pattern: { String: '``' }, content: '"' }, { type: 'Replace', pattern: { String: "''" }, content: '"' }, { type: 'NFKD' }, { type: 'StripAccents' }, { type: 'Lowercase' }, precompiled, spaces(' ')), metaspace, template([1, '[CLS]'], [2, '[SEP]']), unigram(debertaSpecials, 3)),
  'clip': file(clipEnds, sequence({ type: 'NFC' }, { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' }, { type: 'Lowercase' }), { type: 'Sequence', pretokenizers: [clipSplit, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true }] }, { type: 'RobertaProcessing', sep: ['<|endoftext|>', clipEnds[1][0]], cls: ['<|startoftext|>', clipEnds[0][0]], trim_offsets: false, add_prefix_space: false }, clip),
  'llama': file(llamaSpecials, sequence({ type: 'Prepend', prepend: '\u2581' }, { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' }), null, oneEnd(template([1, '<s>'], [2, '</s>']), '<s>'), spm(llamaSpecials.map(([, content]) => content), false)),
  'llama-first': file(llamaSpecials, null, { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'first', split: false }, template([1, '<s>'], [2, '</s>']), spm(llamaSpecials.map(([, content]) => content), true)),
  'gemma': plainAdded(file(gemmaSpecials, { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' }, { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false }, oneEnd(template([2, '<bos>'], [1, '<eos>']), '<eos>'), spm([...gemmaSpecials.map(([, content]) => content), ...gemmaAdded], true)), 4, gemmaAdded),
  'unigram-bytes': file(robertaSpecials.slice(0, 4), { type: 'NFKC' }, { type: 'Sequence', pretokenizers: [at(',', 'MergedWithPrevious'), at('-', 'MergedWithNext'), at('.', 'Contiguous'), at('/', 'Removed'), at(':', 'Isolated'), at('(', 'MergedWithNext', true), { type: 'Digits', individual_digits: true }, { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'never', split: true }] }, template([0, '<s>'], [2, '</s>']), unigram(robertaSpecials.slice(0, 4), 3, byteTokens)),
};

for (const [name, json] of Object.entries(families)) {
  const text = JSON.stringify(json);
  writeFileSync(join(here, name + '.json'), text + '\n');
  const reference = rust.Tokenizer.fromString(text);
  let second;
  try { second = new script.Tokenizer(JSON.parse(text), {}); } catch (e) { console.log(name, 'the second implementation refuses it:', e.message); }
  const lines = [];
  const differing = [];
  for (const input of texts) {
    const ids = (await reference.encode(input)).getIds();
    lines.push(JSON.stringify({ text: input, ids }));
    let other = null;
    try { other = second && second.encode(input).ids; } catch (e) { other = e.message; }
    if (JSON.stringify(other) !== JSON.stringify(ids)) differing.push(input);
  }
  writeFileSync(join(here, name + '-golden.jsonl'), lines.join('\n') + '\n');
  console.log(name, lines.length, 'texts,', differing.length, 'answered otherwise by the second implementation', JSON.stringify(differing.slice(0, 4)));
}
