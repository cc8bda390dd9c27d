// Helpers: blocks of data, texts in the reader's language, elements. User text only ever becomes a text node.

const SVG = "http://www.w3.org/2000/svg";
const root = document.documentElement;
const parsed = new Map();

/** A block of data by its name, read when it is first asked for; null where the page has none (yet). */
function block(name) {
  if (!parsed.has(name)) {
    const node = document.getElementById(name);
    if (!node) return null;
    parsed.set(name, JSON.parse(node.textContent));
    node.remove();
  }
  return parsed.get(name);
}

/** Does something when the whole file has been read: what is looked up on demand stands behind this script. */
function whenWhole(work) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", work);
  else work();
}

const phrases = block("phrases");
const digits = new Intl.NumberFormat(root.lang || "en", { maximumFractionDigits: 1 });
/** A number as the reader writes it. */
const num = (value) => digits.format(value);
const plural = new Intl.PluralRules(root.lang || "en");

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => (Object.hasOwn(values, key) ? values[key] : whole));
}

/** A text of the page; the English is the key. */
function t(key, values = {}) {
  return filled(Object.hasOwn(phrases, key) ? phrases[key] : key, values);
}

/** The form of a text that goes with a number, which stands in it as {n}. */
function many(one, several, n, values = {}) {
  const forms = Object.hasOwn(phrases, one) ? phrases[one] : null;
  const text = forms ? forms[plural.select(n)] || forms.other : n === 1 ? one : several;
  return filled(text, { n: num(n), ...values });
}

const findingCount = (n) => many("{n} finding", "{n} findings", n);
const entityCount = (n) => many("{n} entity", "{n} entities", n);

/** An element with attributes (or only a text) and children; `on` are listeners, `text` its text, false and null children are left out. */
function el(tag, given = {}, ...children) {
  return furnished(document.createElement(tag), given, children);
}

/** An element of a class with a text. */
const bit = (tag, name, text) => el(tag, { class: name, text });

function svg(tag, given = {}, ...children) {
  return furnished(document.createElementNS(SVG, tag), given, children);
}

function furnished(node, given, children) {
  if (typeof given === "string") given = { text: given };
  for (const [key, value] of Object.entries(given)) {
    if (key === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (key === "text") node.textContent = value;
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  for (const child of children.flat(3)) if (child !== null && child !== false && child !== undefined) node.append(child);
  return node;
}

/** Attributes of a button that shows a picture: what it does, and with which key. */
function labelled(text, key = "", name = null) {
  return { class: name, "aria-label": text, title: key ? `${text} (${key})` : text };
}

function button(label, click, given = {}) {
  return el("button", { type: "button", ...given, on: { click } }, label);
}

/** A small picture on a button: a path in a square of 24. */
function icon(d) {
  return svg("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true", class: "icon-picture" }, svg("path", { d }));
}
const ICONS = {
  panel: "M3 5h18v14H3zM9 5v14", theme: "M12 3a9 9 0 1 0 0 18V3", print: "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
  whole: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", plus: "M12 5v14M5 12h14", minus: "M5 12h14",
};

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** The class name of a kind: as in the style sheet. */
const cssName = (kind) => kind.replace(/[^A-Za-z0-9]/g, (c) => (c === "_" || c === "-" ? "-" : "x" + c.charCodeAt(0).toString(16)));

/** Work for when the browser has nothing else to do. */
const later = (work) => (window.requestIdleCallback ? requestIdleCallback(work, { timeout: 1500 }) : setTimeout(work, 60));

/** Offers a text as a file to keep. */
function download(name, type, text) {
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
