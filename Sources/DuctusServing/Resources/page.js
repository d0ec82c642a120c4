"use strict";

const texts = {
  en: {
    title: "Ductus reads handwriting", skip: "Skip to the text", tagline: "reads handwriting",
    language: "Language of this page", dropTitle: "Drop a picture of a page here",
    dropHint: "or paste it. It is read on this server, and not kept.", choose: "Choose a picture",
    photograph: "Take a photograph", draw: "Write by hand", token: "Access token", tokenUse: "Use",
    boardTitle: "Write a line or more", boardHint: "Write with a pen, a finger, or the mouse.", boardRead: "Read it",
    undo: "Undo", clear: "Clear", back: "Back", text: "Text",
    linesHint: "Choose a line to correct it; Enter keeps, Escape discards. The less sure a word is, the stronger its underline.",
    copy: "Copy text", saveLines: "Lines (zip)", send: "Send corrections", again: "Another picture",
    reading: "Reading …", readLines: n => `Reading … ${n} ${n === 1 ? "line" : "lines"}`,
    done: n => n ? `${n} ${n === 1 ? "line" : "lines"} read.` : "No lines were found on this picture.",
    summary: (n, c) => `${n} ${n === 1 ? "line" : "lines"}, confidence ${c} %`, copied: "The text is in the clipboard.",
    edit: (n, t) => `Line ${n}: ${t}. Correct`, editing: n => `Text of line ${n}`, restored: "Your earlier corrections of this picture are back.",
    sent: "Thank you, the corrections are on the server.", notImage: "This is not a picture that can be read: choose a PNG, JPEG, or WebP.",
    offline: "The server cannot be reached.", picture: "The picture that was read", canvasLabel: "Area to write in",
    service: (v, m) => `Ductus ${v}, weights ${m}`, unauthorized: "This server needs an access token.", emptyBoard: "Nothing is written yet."
  },
  fr: {
    title: "Ductus lit l’écriture manuscrite", skip: "Aller au texte", tagline: "lit l’écriture manuscrite",
    language: "Langue de cette page", dropTitle: "Déposez ici l’image d’une page",
    dropHint: "ou collez-la. Elle est lue sur ce serveur et n’est pas conservée.", choose: "Choisir une image",
    photograph: "Prendre une photo", draw: "Écrire à la main", token: "Jeton d’accès", tokenUse: "Utiliser",
    boardTitle: "Écrivez une ligne ou plusieurs", boardHint: "Écrivez avec un stylet, un doigt ou la souris.", boardRead: "Lire",
    undo: "Annuler", clear: "Effacer", back: "Retour", text: "Texte",
    linesHint: "Choisissez une ligne pour la corriger ; Entrée valide, Échap abandonne. Moins un mot est sûr, plus il est souligné.",
    copy: "Copier le texte", saveLines: "Lignes (zip)", send: "Envoyer les corrections", again: "Autre image",
    reading: "Lecture …", readLines: n => `Lecture … ${n} ${n === 1 ? "ligne" : "lignes"}`,
    done: n => n ? `${n} ${n === 1 ? "ligne lue" : "lignes lues"}.` : "Aucune ligne n’a été trouvée sur cette image.",
    summary: (n, c) => `${n} ${n === 1 ? "ligne" : "lignes"}, confiance ${c} %`, copied: "Le texte est dans le presse-papiers.",
    edit: (n, t) => `Ligne ${n} : ${t}. Corriger`, editing: n => `Texte de la ligne ${n}`, restored: "Vos corrections précédentes de cette image sont de retour.",
    sent: "Merci, les corrections sont sur le serveur.", notImage: "Cette image ne peut pas être lue : choisissez un PNG, JPEG ou WebP.",
    offline: "Le serveur est injoignable.", picture: "L’image lue", canvasLabel: "Zone d’écriture",
    service: (v, m) => `Ductus ${v}, poids ${m}`, unauthorized: "Ce serveur demande un jeton d’accès.", emptyBoard: "Rien n’est encore écrit."
  }
};

const get = id => document.getElementById(id);
const svg = name => document.createElementNS("http://www.w3.org/2000/svg", name);
let t = texts.en;
let service = { maximumBytes: 16 << 20, feedback: false };
let state = null;   // { file, key, page, running }

// Language

function setLanguage(code) {
  t = texts[code] || texts.en;
  document.documentElement.lang = code;
  document.title = t.title;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t[element.dataset.t];
  get("canvas").setAttribute("aria-label", t.canvasLabel);
  get("image").alt = t.picture;
  get("language").value = code;
  if (service.version) get("service").textContent = t.service(service.version, service.model);
  if (state && state.page) showLines();
}

// Private windows have no storage, and throw where it is named.
function remember(key, value, storage = "localStorage") { try { window[storage].setItem(key, value); } catch { /* forgotten */ } }
function recall(key, storage = "localStorage") { try { return window[storage].getItem(key); } catch { return null; } }

get("language").addEventListener("change", event => {
  remember("ductus.language", event.target.value);
  setLanguage(event.target.value);
});

// Requests

let token = recall("ductus.token", "sessionStorage") || "";

async function call(path, options = {}) {
  const headers = new Headers(options.headers);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch {
    throw new Error(t.offline);
  }
  if (response.ok) return response;
  if (response.status === 401) {
    get("token-form").hidden = false;
    get("start").hidden = false;
    get("token").focus();
    throw new Error(t.unauthorized);
  }
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail || `${response.status} ${response.statusText}`);
}

get("token-form").addEventListener("submit", event => {
  event.preventDefault();
  token = get("token").value.trim();
  remember("ductus.token", token, "sessionStorage");
  get("token-form").hidden = true;
  say("");
  if (state) read(state.file);
});

function say(text, isError = false) {
  get("status").textContent = text;
  get("status").classList.toggle("error", isError);
}

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    let end;
    while ((end = rest.indexOf("\n\n")) >= 0) {
      const lines = rest.slice(0, end).split("\n");
      rest = rest.slice(end + 2);
      const field = name => lines.filter(l => l.startsWith(name + ": ")).map(l => l.slice(name.length + 2)).join("\n");
      yield { name: field("event"), data: JSON.parse(field("data")) };
    }
  }
}

// Reading

async function keyOf(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let hash = 0xcbf29ce484222325n;
  const step = Math.max(1, Math.floor(bytes.length / 65536));
  for (let i = 0; i < bytes.length; i += step) hash = BigInt.asUintN(64, (hash ^ BigInt(bytes[i])) * 0x100000001b3n);
  return `ductus.page.${bytes.length}.${hash.toString(16)}`;
}

/// The picture, or a smaller JPEG of it if the server would refuse its size or format.
async function prepared(file) {
  // With corrections, it is sent as base64, beside the page.
  const maximum = service.feedback ? service.maximumBytes * 0.7 : service.maximumBytes;
  if (["image/png", "image/jpeg", "image/webp"].includes(file.type) && file.size <= maximum) return file;
  const bitmap = await createImageBitmap(file).catch(() => { throw new Error(t.notImage); });
  const factor = Math.min(1, Math.sqrt(12e6 / (bitmap.width * bitmap.height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * factor);
  canvas.height = Math.round(bitmap.height * factor);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise(done => canvas.toBlob(done, "image/jpeg", 0.92));
}

async function read(given) {
  const running = Symbol();
  let begun = false;
  try {
    const file = await prepared(given);
    begun = true;
    state = { file, name: (given.name || "page").replace(/\.[^.]*$/, ""), key: await keyOf(file), page: null, running };
    get("start").hidden = true;
    get("board").hidden = true;
    get("progress").hidden = false;
    get("result").hidden = false;
    get("lines").replaceChildren();
    get("overlay").replaceChildren();
    get("summary").textContent = "";
    setBusy(true);
    say(t.reading);
    URL.revokeObjectURL(get("image").src);
    get("image").src = URL.createObjectURL(file);
    const response = await call("v1/read", {
      method: "POST", body: file, headers: { "Content-Type": file.type, "Accept": "text/event-stream" }
    });
    const page = { image: state.name, lines: [] };
    for await (const event of events(response)) {
      if (state?.running !== running) return;
      if (event.name === "start") {
        Object.assign(page, { width: event.data.width, height: event.data.height });
        get("overlay").setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
      } else if (event.name === "line") {
        page.lines.push(event.data);
        addLine(page.lines.length - 1, page);
        say(t.readLines(page.lines.length));
      } else if (event.name === "page") {
        page.lines = event.data.lines;
      } else if (event.name === "error") {
        throw new Error(event.data.detail);
      }
    }
    state.page = page;
    for (const line of page.lines) line.read = line.text;
    const isRestored = restore();
    showLines();
    say(isRestored ? t.restored : t.done(page.lines.length));
    get("result-title").focus({ preventScroll: true });
  } catch (error) {
    if (begun && state?.running !== running) return;
    get("result").hidden = true;
    get("start").hidden = false;
    say(error.message, true);
  } finally {
    if (!state || state.running === running) {
      get("progress").hidden = true;
      setBusy(false);
    }
  }
}

function setBusy(isBusy) {
  for (const id of ["copy", "save-tsv", "save-page", "save-alto", "send"]) get(id).disabled = isBusy;
  get("result").setAttribute("aria-busy", isBusy);
}

// Lines

function showLines() {
  const page = state.page;
  get("lines").replaceChildren();
  get("overlay").replaceChildren();
  page.lines.forEach((_, index) => addLine(index, page));
  const count = page.lines.reduce((sum, line) => sum + line.text.length, 0);
  const sum = page.lines.reduce((sum, line) => sum + (line.confidence || 0) * line.text.length, 0);
  get("summary").textContent = count ? t.summary(page.lines.length, Math.round(100 * sum / count)) : "";
  get("send").hidden = !service.feedback || !page.lines.length;
}

function addLine(index, page) {
  const line = page.lines[index];
  const points = list => list.map(p => p.join(",")).join(" ");
  const box = ([x, y, w, h]) => [[x, y], [x + w, y], [x + w, y + h], [x, y + h]];
  const outline = svg("polygon");
  outline.setAttribute("points", points(line.polygon || box(line.box)));
  outline.setAttribute("class", "line");
  outline.dataset.line = index;
  get("overlay").append(outline);
  const base = svg("polyline");
  const [x, y, w, h] = line.box;
  base.setAttribute("points", points(line.baseline || [[x, y + h * 0.8], [x + w, y + h * 0.8]]));
  base.setAttribute("class", "baseline");
  get("overlay").append(base);
  (line.words || []).forEach((word, place) => {
    const mark = svg("polygon");
    mark.setAttribute("points", points(box(word.box)));
    mark.setAttribute("class", "word");
    mark.dataset.line = index;
    mark.dataset.word = place;
    get("overlay").append(mark);
  });

  const row = document.createElement("li");
  row.dataset.line = index;
  row.classList.toggle("corrected", line.read !== undefined && line.read !== line.text);
  row.append(shown(index, line), confidence(line));
  get("lines").append(row);
}

function shown(index, line) {
  const button = document.createElement("button");
  button.className = "show";
  button.setAttribute("aria-label", t.edit(index + 1, line.text));
  const words = line.words && line.words.length ? line.words : [{ text: line.text, confidence: line.confidence }];
  words.forEach((word, place) => {
    const span = document.createElement("span");
    span.textContent = word.text;
    span.dataset.line = index;
    if (line.words) span.dataset.word = place;
    if (word.confidence !== undefined && word.confidence < 0.8) span.className = word.confidence < 0.5 ? "unsure" : "doubt";
    if (word.confidence !== undefined) span.title = `${Math.round(100 * word.confidence)} %`;
    button.append(place ? " " : "", span);
  });
  return button;
}

function confidence(line) {
  const span = document.createElement("span");
  span.className = "confidence";
  span.textContent = line.confidence === undefined ? "" : `${Math.round(100 * line.confidence)} %`;
  return span;
}

function edit(index) {
  const row = get("lines").children[index];
  if (!state.page || !row || row.querySelector("input")) return;
  const line = state.page.lines[index];
  const input = document.createElement("input");
  input.value = line.text;
  input.spellcheck = false;
  input.setAttribute("aria-label", t.editing(index + 1));
  row.querySelector(".show").replaceWith(input);
  input.focus();
  let isDone = false;
  function finish(keeps, next) {
    if (isDone) return;
    isDone = true;
    if (keeps && input.value.trim() !== line.text) correct(line, input.value.trim());
    row.classList.toggle("corrected", line.read !== line.text);
    // Their number is another, so they are no longer where the text has them.
    if (!line.words) document.querySelectorAll(`#overlay .word[data-line="${index}"]`).forEach(word => word.remove());
    row.querySelector(".confidence").replaceWith(confidence(line));
    const button = shown(index, line);
    input.replaceWith(button);
    if (next !== undefined) (get("lines").children[index + next]?.querySelector("button") || button).focus();
  }
  input.addEventListener("keydown", event => {
    if (event.key === "Enter") { event.preventDefault(); finish(true, 1); }
    if (event.key === "Escape") { event.preventDefault(); finish(false, 0); }
  });
  input.addEventListener("blur", () => finish(true));
  // The word under the caret is marked on the picture.
  const follow = () => mark(index, input.value.slice(0, input.selectionStart).trimStart().split(/\s+/).length - 1);
  for (const name of ["keyup", "click"]) input.addEventListener(name, follow);
}

/// A corrected line keeps the places of its words if their number is the same.
function correct(line, text) {
  const words = text.split(/\s+/).filter(word => word);
  line.text = words.join(" ");
  delete line.confidence;
  if (line.words && line.words.length === words.length) {
    line.words = line.words.map((word, i) => word.text === words[i] ? word : { text: words[i], box: word.box });
  } else {
    delete line.words;
  }
  keep();
}

function keep() {
  const corrected = {};
  state.page.lines.forEach((line, i) => { if (line.text !== line.read) corrected[`${i}:${line.read}`] = line.text; });
  remember(state.key, JSON.stringify(corrected));
}

function restore() {
  const kept = JSON.parse(recall(state.key) || "{}");
  let count = 0;
  state.page.lines.forEach((line, i) => {
    const text = kept[`${i}:${line.read}`];
    if (typeof text === "string") { correct(line, text); count += 1; }
  });
  return count > 0;
}

// Links between picture and text

function mark(line, word) {
  for (const element of document.querySelectorAll(".current")) element.classList.remove("current");
  if (line === undefined) return;
  for (const element of document.querySelectorAll(`[data-line="${line}"]`)) {
    if (element.dataset.word === undefined || element.dataset.word === String(word)) element.classList.add("current");
  }
}

for (const id of ["overlay", "lines"]) {
  const target = event => event.target.closest("[data-line]")?.dataset || {};
  get(id).addEventListener("pointerover", event => { if (target(event).line) mark(target(event).line, target(event).word); });
  get(id).addEventListener("pointerleave", () => mark());
  get(id).addEventListener("focusin", event => {
    const { line, word } = target(event);
    if (!line) return;
    mark(line, word);
    document.querySelector(`#overlay .line[data-line="${line}"]`)?.scrollIntoView({ block: "nearest" });
  });
}

get("overlay").addEventListener("click", event => {
  const index = event.target.dataset.line;
  if (index === undefined) return;
  get("lines").children[index].scrollIntoView({ block: "nearest" });
  edit(Number(index));
});

get("lines").addEventListener("click", event => {
  const button = event.target.closest(".show");
  if (button) edit(Number(button.parentElement.dataset.line));
});

get("lines").addEventListener("keydown", event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest("li");
  if (!step || !row || event.target.tagName === "INPUT") return;
  const next = get("lines").children[Number(row.dataset.line) + step]?.querySelector("button");
  if (next) { event.preventDefault(); next.focus(); }
});

// Pictures in

const take = files => { const file = [...files].find(f => f.type.startsWith("image/")); file ? read(file) : say(t.notImage, true); };
get("choose").addEventListener("click", () => get("file").click());
get("photograph").addEventListener("click", () => get("camera").click());
for (const id of ["file", "camera"]) {
  get(id).addEventListener("change", event => { if (event.target.files.length) take(event.target.files); event.target.value = ""; });
}
addEventListener("paste", event => { if (event.clipboardData.files.length) take(event.clipboardData.files); });
addEventListener("dragover", event => { event.preventDefault(); get("drop").classList.add("over"); });
addEventListener("dragleave", () => get("drop").classList.remove("over"));
addEventListener("drop", event => {
  event.preventDefault();
  get("drop").classList.remove("over");
  if (event.dataTransfer.files.length) take(event.dataTransfer.files);
});
get("again").addEventListener("click", () => {
  state = null;
  get("result").hidden = true;
  get("start").hidden = false;
  say("");
  get("choose").focus();
});

// Writing by hand

const canvas = get("canvas"), pen = canvas.getContext("2d");
let strokes = [];

function drawStrokes() {
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(pen, { strokeStyle: "#1a1a2e", lineWidth: 5, lineCap: "round", lineJoin: "round" });
  for (const stroke of strokes) {
    pen.beginPath();
    stroke.forEach(([x, y], i) => i ? pen.lineTo(x, y) : pen.moveTo(x, y));
    if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
    pen.stroke();
  }
}

const place = event => {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
};
canvas.addEventListener("pointerdown", event => {
  canvas.setPointerCapture(event.pointerId);
  strokes.push([place(event)]);
  drawStrokes();
});
canvas.addEventListener("pointermove", event => {
  if (!canvas.hasPointerCapture(event.pointerId)) return;
  for (const part of event.getCoalescedEvents?.() || [event]) strokes.at(-1).push(place(part));
  drawStrokes();
});
get("draw").addEventListener("click", () => {
  get("start").hidden = true;
  get("board").hidden = false;
  say("");
  drawStrokes();
  canvas.focus();
});
get("board-undo").addEventListener("click", () => { strokes.pop(); drawStrokes(); });
get("board-clear").addEventListener("click", () => { strokes = []; drawStrokes(); });
get("board-close").addEventListener("click", () => { get("board").hidden = true; get("start").hidden = false; get("draw").focus(); });
get("board-read").addEventListener("click", () => {
  if (!strokes.length) return say(t.emptyBoard, true);
  canvas.toBlob(blob => read(new File([blob], "drawing.png", { type: "image/png" })), "image/png");
});

// Texts out

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/// The page as the service understands it.
function plainPage() {
  const extension = { "image/png": "png", "image/webp": "webp" }[state.file.type] || "jpg";
  return {
    image: `${state.name}.${extension}`, width: state.page.width, height: state.page.height,
    lines: state.page.lines.map(({ read, ...line }) => line)
  };
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Browsers have a clipboard only for pages that came over TLS, or from this machine.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

get("copy").addEventListener("click", async () => {
  try {
    await copy(state.page.lines.map(line => line.text).join("\n"));
    say(t.copied);
  } catch (error) { say(error.message, true); }
});
for (const format of ["page", "alto"]) {
  get(`save-${format}`).addEventListener("click", async () => {
    try {
      const response = await call(`v1/convert?format=${format}`, {
        method: "POST", body: JSON.stringify(plainPage()), headers: { "Content-Type": "application/json" }
      });
      save(await response.blob(), `${state.name}.${format}.xml`);
    } catch (error) { say(error.message, true); }
  });
}
get("send").addEventListener("click", async () => {
  try {
    const url = await new Promise(done => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(state.file);
    });
    await call("v1/feedback", {
      method: "POST", body: JSON.stringify({ image: url, page: plainPage() }), headers: { "Content-Type": "application/json" }
    });
    say(t.sent);
  } catch (error) { say(error.message, true); }
});

/// The lines as training data: lines.tsv, and a picture of each line.
get("save-tsv").addEventListener("click", async () => {
  const bitmap = await createImageBitmap(state.file);
  const scale = bitmap.width / state.page.width;
  const files = [];
  let table = "split\tpage\timage\ttext\n";
  for (const [index, line] of state.page.lines.entries()) {
    if (!line.text) continue;
    const [x, y, width, height] = line.box.map(value => value * scale);
    const cut = document.createElement("canvas");
    cut.width = Math.max(1, Math.round(width));
    cut.height = Math.max(1, Math.round(height));
    cut.getContext("2d").drawImage(bitmap, x, y, width, height, 0, 0, cut.width, cut.height);
    const name = `${state.name}-${String(index + 1).padStart(2, "0")}.png`;
    const blob = await new Promise(done => cut.toBlob(done, "image/png"));
    files.push([`lines/${name}`, new Uint8Array(await blob.arrayBuffer())]);
    table += ["train", state.name, name, line.text].map(cell => cell.replace(/[\t\r\n]/g, " ")).join("\t") + "\n";
  }
  files.unshift(["lines.tsv", new TextEncoder().encode(table)]);
  save(zip(files), `${state.name}-lines.zip`);
});

/// A zip archive of files as they are.
function zip(files) {
  const crc = bytes => {
    let c = ~0;
    for (const byte of bytes) {
      c ^= byte;
      for (let k = 0; k < 8; k++) c = c >>> 1 ^ (c & 1 ? 0xedb88320 : 0);
    }
    return ~c >>> 0;
  };
  const parts = [], directory = [];
  let offset = 0;
  const fields = (...list) => {
    const bytes = new Uint8Array(list.reduce((sum, [, size]) => sum + size, 0));
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const [value, size] of list) { size === 4 ? view.setUint32(at, value, true) : view.setUint16(at, value, true); at += size; }
    return bytes;
  };
  for (const [name, bytes] of files) {
    const label = new TextEncoder().encode(name);
    // Version 2.0, names in UTF-8, stored; midnight of 1 January 1980.
    const common = [[20, 2], [0x800, 2], [0, 2], [0, 2], [33, 2], [crc(bytes), 4], [bytes.length, 4], [bytes.length, 4], [label.length, 2], [0, 2]];
    directory.push(fields([0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), label);
    const header = fields([0x04034b50, 4], ...common);
    parts.push(header, label, bytes);
    offset += header.length + label.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = fields([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

// Beginning

setLanguage(recall("ductus.language") || (navigator.language.startsWith("fr") ? "fr" : "en"));
fetch("v1/service").then(response => response.json()).then(found => {
  service = found;
  get("service").textContent = t.service(service.version, service.model);
  get("token-form").hidden = !service.needsToken || Boolean(token);
}).catch(() => say(t.offline, true));
