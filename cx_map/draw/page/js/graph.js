// Ways through what the map shows. Missing flows carry nothing and are never followed; flows of feedback run against
// the reading direction and are followed only where the reader asks for it: else everything leads everywhere.

const MOST_PATHS = 60;
const LONGEST_PATH = 14;
const MOST_STEPS = 200000;

const follows = (scene, e, back) => scene.hasEdge[e] && scene.style[e] !== MISSING && (back || !feedback[e]);

function found(nodes, flows) {
  return { nodes: new Set(nodes), flows: new Set(flows) };
}

function neighbours(scene, i) {
  const result = found([i], []);
  for (const [side, far] of [[outgoing, edges.target], [incoming, edges.source]]) {
    for (const e of edgesOf(side, i)) {
      if (!scene.hasEdge[e]) continue;
      result.flows.add(e);
      result.nodes.add(far[e]);
    }
  }
  return result;
}

/** Everything that leads to a node (`incoming`) or that it leads to (`outgoing`). O(nodes + flows) */
function reach(scene, i, side, back) {
  const far = side === outgoing ? edges.target : edges.source;
  const result = found([i], []);
  const queue = [i];
  for (let at = 0; at < queue.length; at++) {
    for (const e of edgesOf(side, queue[at])) {
      if (!follows(scene, e, back)) continue;
      result.flows.add(e);
      if (!result.nodes.has(far[e])) {
        result.nodes.add(far[e]);
        queue.push(far[e]);
      }
    }
  }
  return result;
}

/** For each flow out of a node, the shortest way back to it, feedback included. O(own flows * (nodes + flows)) */
function loops(scene, i) {
  const result = found([i], []);
  let rounds = 0;
  for (const first of edgesOf(outgoing, i)) {
    if (!follows(scene, first, true)) continue;
    const way = shortest(scene, edges.target[first], i);
    if (!way) continue;
    rounds++;
    for (const e of [first, ...way]) {
      result.flows.add(e);
      result.nodes.add(edges.source[e]);
      result.nodes.add(edges.target[e]);
    }
  }
  return { ...result, rounds };
}

function shortest(scene, from, to) {
  const came = new Map([[from, -1]]);
  const queue = [from];
  for (let at = 0; at < queue.length && !came.has(to); at++) {
    for (const e of edgesOf(outgoing, queue[at])) {
      if (follows(scene, e, true) && !came.has(edges.target[e])) {
        came.set(edges.target[e], e);
        queue.push(edges.target[e]);
      }
    }
  }
  if (!came.has(to)) return null;
  const way = [];
  for (let i = to; i !== from; i = edges.source[came.get(i)]) way.unshift(came.get(i));
  return way;
}

/** Simple paths, shortest first, at most MOST_PATHS of them; `cut` says whether there may be more. */
function pathsBetween(scene, from, to, back) {
  const distance = new Map([[to, 0]]);
  const queue = [to];
  for (let at = 0; at < queue.length; at++) {
    for (const e of edgesOf(incoming, queue[at])) {
      if (follows(scene, e, back) && !distance.has(edges.source[e])) {
        distance.set(edges.source[e], distance.get(queue[at]) + 1);
        queue.push(edges.source[e]);
      }
    }
  }
  const paths = [];
  let steps = 0;
  let cut = false;
  if (!distance.has(from) || from === to) return { paths, cut };
  const way = [];
  const on = new Set([from]);
  const walk = (i, left) => {
    if (paths.length >= MOST_PATHS || ++steps > MOST_STEPS) { cut = true; return; }
    if (i === to) { if (left === 0) paths.push(way.slice()); return; }
    for (const e of edgesOf(outgoing, i)) {
      const next = edges.target[e];
      const rest = distance.get(next);
      if (!follows(scene, e, back) || on.has(next) || rest === undefined || rest > left - 1) continue;
      on.add(next);
      way.push(e);
      walk(next, left - 1);
      way.pop();
      on.delete(next);
    }
  };
  const longest = Math.min(LONGEST_PATH, scene.entities);
  for (let length = distance.get(from); length <= longest && !cut; length++) walk(from, length);
  if (!cut && longest === LONGEST_PATH && scene.entities > LONGEST_PATH) cut = longer(scene, from, to, back, distance);
  return { paths, cut };
}

/** Whether simple paths longer than the longest that were looked for may exist: more nodes lie between than those have. */
function longer(scene, from, to, back, distance) {
  const ahead = reach(scene, from, outgoing, back).nodes;
  let between = 0;
  for (const i of ahead) if (distance.has(i)) between++;
  return between > LONGEST_PATH + 1;
}
