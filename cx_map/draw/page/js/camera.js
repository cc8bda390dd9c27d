// Which part of the map stands on the screen: x and y of its upper left corner, k pixels to a unit.

const camera = { x: 0, y: 0, k: 1 };
const NEAREST = 3;
let stage = null;
let moved = false;
let redraw = () => {};

const wide = () => stage.clientWidth, high = () => stage.clientHeight;
/** The height that the map has for itself: all but the card of a story. */
const free = () => high() - (storyCard && !storyCard.hidden ? storyCard.offsetHeight + 20 : 0);
/** The lines of all flows of the view; none as long as they have not been read. */
const wiresNow = () => block("wires-" + S.view) || [];
const viewData = () => block("view-" + S.view);

function cameraPlace() {
  if (!moved) return "";
  return [camera.x + wide() / 2 / camera.k, camera.y + free() / 2 / camera.k].map((v) => Math.round(v)).join(",") + "," + camera.k.toFixed(3);
}

function place(text) {
  const [x, y, k] = text.split(",").map(Number);
  if (![x, y, k].every(Number.isFinite) || k <= 0) return false;
  moved = true;
  centreOn(x, y, clamp(k, 0.001, NEAREST));
  return true;
}

function centreOn(x, y, k = camera.k) {
  camera.k = k;
  camera.x = x - wide() / 2 / k;
  camera.y = y - free() / 2 / k;
  redraw();
}

const wholeScale = () => {
  const [, , w, h] = viewData().bounds;
  return Math.min(wide() / w, (free() - signRoom()) / h);
};

/** Room above the map for the names of columns. */
const signRoom = () => (S.view === "layers" ? 26 : 0);

function fitWhole() {
  const [x, y, w, h] = viewData().bounds;
  camera.k = Math.min(wholeScale(), 1.25);
  camera.x = x - (wide() / camera.k - w) / 2;
  camera.y = y - signRoom() / camera.k - Math.max(0, (free() - signRoom()) / camera.k - h) / 2;
  redraw();
}

/** The first look: the whole map where its names can be read then, else its width, else its upper part or its centre. */
function fitFirst() {
  const [x, y, w, h] = viewData().bounds;
  const least = S.view === "web" ? 0.55 : 0.3;
  if (wholeScale() >= least) { fitWhole(); return; }
  if (S.view === "web" && N <= 1500) { centreOn(x + w / 2, y + h / 2, least); return; }
  const across = wide() / w;
  if (S.view === "web" || across < 0.02) { fitWhole(); return; }
  camera.k = Math.min(across >= least || N > 1500 ? across : least, 1);
  camera.x = x;
  camera.y = y - signRoom() / camera.k;
  if (seenShare() < 0.1) centreOn(x + wide() / 2 / camera.k, middleHeight());
  redraw();
}

/** The part of all entities that stand on the screen. */
function seenShare() {
  const bottom = camera.y + high() / camera.k;
  return viewData().cards.filter((card) => card[1] >= camera.y && card[1] < bottom).length / Math.max(N, 1);
}

/** The height above which half of the entities stand. */
function middleHeight() {
  const heights = viewData().cards.map((card) => card[1]).sort((a, b) => a - b);
  return heights[heights.length >> 1] || 0;
}

/** Moves to show a box, no closer than 1, no further than the whole map. */
function showBox(left, top, right, bottom, margin = 60) {
  const w = right - left + 2 * margin, h = bottom - top + 2 * margin;
  const k = clamp(Math.min(wide() / w, free() / h), Math.min(wholeScale(), 1), 1);
  glide((left + right) / 2, (top + bottom) / 2, k);
}

/** Shows some entities, unless all of them stand on the screen well enough to read. */
function showEntities(numbers, force = false) {
  const cards = viewData().cards;
  const boxes = [...numbers].filter((i) => cards[i].length).map((i) => cards[i]);
  if (!boxes.length) return;
  const left = Math.min(...boxes.map((b) => b[0])), top = Math.min(...boxes.map((b) => b[1]));
  const right = Math.max(...boxes.map((b) => b[0] + b[2])), bottom = Math.max(...boxes.map((b) => b[1] + b[3]));
  const inside = left >= camera.x && top >= camera.y && right <= camera.x + wide() / camera.k && bottom <= camera.y + free() / camera.k;
  if (!force && inside && camera.k >= 0.3) return;
  moved = true;
  const needed = Math.min(wide() / (right - left + 120), free() / (bottom - top + 120));
  const [x, y, w, h] = cards[S.select] || [];
  if (needed < 0.25 && x !== undefined) glide(x + w / 2, y + h / 2, 0.6);
  else showBox(left, top, right, bottom);
}

let gliding = 0;
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

function glide(x, y, k) {
  cancelAnimationFrame(gliding);
  if (still.matches) { centreOn(x, y, k); keepAddress(); return; }
  const from = { x: camera.x + wide() / 2 / camera.k, y: camera.y + free() / 2 / camera.k, k: camera.k };
  const start = performance.now();
  const step = (now) => {
    const part = clamp((now - start) / 220, 0, 1);
    const eased = 1 - (1 - part) ** 3;
    centreOn(from.x + (x - from.x) * eased, from.y + (y - from.y) * eased, from.k * (k / from.k) ** eased);
    if (part < 1) gliding = requestAnimationFrame(step);
    else keepAddress();
  };
  gliding = requestAnimationFrame(step);
}

/** Zooms by a factor round a point of the screen. */
function zoomAt(px, py, factor) {
  cancelAnimationFrame(gliding);
  const k = clamp(camera.k * factor, Math.min(wholeScale() * 0.6, 0.3), NEAREST);
  camera.x += px / camera.k - px / k;
  camera.y += py / camera.k - py / k;
  camera.k = k;
  moved = true;
  redraw();
  keepAddress();
}

function pan(dx, dy) {
  cancelAnimationFrame(gliding);
  camera.x -= dx / camera.k;
  camera.y -= dy / camera.k;
  moved = true;
  redraw();
  keepAddress();
}

const zoomBy = (factor) => zoomAt(wide() / 2, high() / 2, factor);

/** Mouse, pen and fingers: drag to move, two fingers or the wheel to zoom, a tap to choose. */
function listenToPointers(onTap, onHover) {
  const held = new Map();
  let dragged = 0;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("button, .story, .legend, .overview, .roadmap")) return;
    held.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (held.size === 1) dragged = 0;
  });
  stage.addEventListener("pointermove", (event) => {
    const last = held.get(event.pointerId);
    const area = stage.getBoundingClientRect();
    const now = { x: event.clientX - area.left, y: event.clientY - area.top };
    if (!last) { if (event.pointerType === "mouse") onHover(now.x, now.y, event.target); return; }
    if (last.x === undefined) return;
    if (held.size === 1) {
      const dx = now.x - last.cx, dy = now.y - last.cy;
      if (last.cx !== undefined) {
        dragged += Math.abs(dx) + Math.abs(dy);
        if (dragged > 4) {
          if (!stage.hasPointerCapture(event.pointerId)) stage.setPointerCapture(event.pointerId);
          pan(dx, dy);
        }
      }
    } else if (held.size === 2) {
      const [other] = [...held].filter(([id]) => id !== event.pointerId).map(([, one]) => one);
      if (last.cx !== undefined && other.cx !== undefined) {
        const before = Math.hypot(last.cx - other.cx, last.cy - other.cy), after = Math.hypot(now.x - other.cx, now.y - other.cy);
        if (before > 0) zoomAt((now.x + other.cx) / 2, (now.y + other.cy) / 2, after / before);
      }
      dragged += 10;
    }
    last.cx = now.x;
    last.cy = now.y;
  });
  const release = (event) => {
    const last = held.get(event.pointerId);
    held.delete(event.pointerId);
    if (last && dragged <= 4 && event.type === "pointerup") {
      const area = stage.getBoundingClientRect();
      onTap(event.clientX - area.left, event.clientY - area.top, event);
    }
  };
  stage.addEventListener("pointerup", release);
  stage.addEventListener("pointercancel", release);
  stage.addEventListener("pointerleave", () => onHover(-1, -1, null));
  stage.addEventListener("wheel", (event) => {
    if (event.target.closest(".story, .legend, .roadmap")) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (event.shiftKey) { pan(-(event.deltaX || event.deltaY) * unit, 0); return; }
    const area = stage.getBoundingClientRect();
    zoomAt(event.clientX - area.left, event.clientY - area.top, Math.exp(-clamp(event.deltaY * unit, -240, 240) * 0.0018));
  }, { passive: false });
}
