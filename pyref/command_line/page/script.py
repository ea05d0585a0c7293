"""What a page does: it puts in place what was computed.  `told` is what `document` has written."""

SCRIPT = """\
"use strict";
const told = JSON.parse(document.getElementById("told").textContent);
const at = id => document.getElementById(id);
const epochs = told.epochs;
let epoch = 0, moment = 0, chosen = null;  // moment 0: before the first frame of the epoch
let slots = {};  // by the id of a unit or weight: what is known of it at this moment

function rowShown() {  // of a batch: the row of this frame, or of the last one that is of a row
  for (const frame of epochs[epoch].frames.slice(0, moment).reverse())
    if (frame.row !== undefined) return frame.row;
  return 0;
}

function put(line, row, isNow) {
  if (!line.of || (row !== undefined && row !== rowShown())) return;
  const of = slots[line.of] = slots[line.of] || {};
  of[line.key] = { value: line.value, text: line.text, now: isNow };
}

function gather() {
  slots = {};
  const here = epochs[epoch];
  here.start.forEach(line => put(line, line.row, false));
  here.frames.slice(0, moment).forEach((frame, place) =>
    frame.lines.forEach(line => put(line, frame.row, place === moment - 1)));
}

function showNetwork() {
  for (const group of document.querySelectorAll("#network g")) {
    const of = slots[group.id] || {}, keys = Object.keys(of);
    group.classList.toggle("now", keys.some(key => of[key].now));
    const label = group.querySelector("[data-key]");
    if (label) {
      const weight = of[label.dataset.key] || { value: "" };
      label.textContent = weight.value;
      label.classList.toggle("fresh", !!weight.now);
    }
    const wanted = told.order.filter(key => of[key]);
    group.querySelectorAll(".number").forEach((text, place) => {
      const key = wanted[place];
      text.textContent = key ? (key === "deltas" ? "delta" : key) + " " + of[key].value : "";
      text.classList.toggle("fresh", !!key && of[key].now);
    });
    group.setAttribute("aria-label",
      told.names[group.id] + ": " + keys.map(key => of[key].text).join("; "));
  }
}

function bringIntoView() {  // where there is no room for the whole network
  const room = at("net"), now = document.querySelector("#network .now");
  if (!now || room.scrollWidth <= room.clientWidth) return;
  const its = now.getBoundingClientRect(), all = room.getBoundingClientRect();
  room.scrollLeft += its.left + its.width / 2 - all.left - all.width / 2;
}

function showFrame() {
  const frame = moment ? epochs[epoch].frames[moment - 1] : told.before;
  at("part").textContent = frame.part;
  at("title").textContent = frame.title;
  at("function").textContent = frame.function;
  const list = at("lines");
  list.textContent = "";
  for (const line of frame.lines) {
    const item = document.createElement("li");
    item.textContent = line.text;
    if (line.of) {
      const group = at(line.of);
      item.onmouseenter = () => group && group.classList.add("hot");
      item.onmouseleave = () => group && group.classList.remove("hot");
    }
    list.append(item);
  }
}

function showSums() {
  const of = chosen && slots[chosen];
  at("sums").textContent = "";
  at("which").textContent = chosen ? told.names[chosen] : "";
  at("hint").hidden = !!chosen;
  for (const key of Object.keys(of || {})) {
    const text = document.createElement("p");
    text.textContent = of[key].text;
    at("sums").append(text);
  }
}

function showEpoch() {
  const last = epochs[epoch].frames.length;
  const after = moment === last;  // the last frame has made the new weights
  const region = told.regions && told.regions[epoch + (after ? 1 : 0)];
  document.querySelectorAll("#region .cell").forEach((cell, place) =>
    cell.setAttribute("fill-opacity", "0." + region.levels[place]));
  for (const text of document.querySelectorAll(".range")) text.textContent = region.range;
  at("where").textContent = epochs[epoch].called + ", " +
    (moment ? "moment " + moment + " of " + last : "not begun") +
    (told.rows.length > 1 ? ", " + told.rows[rowShown()] : "");
  at("loss").textContent = told.losses[epoch + (after ? 1 : 0)] + (after ? " after" : " before") +
    " this step";
  document.querySelectorAll("#losses .mark").forEach((mark, place) =>
    mark.classList.toggle("now", place === epoch + (after ? 1 : 0)));
  at("back").disabled = epoch === 0 && moment === 0;
  at("first").disabled = at("back").disabled;
  at("forward").disabled = epoch === epochs.length - 1 && after;
  at("earlier").disabled = epoch === 0;
  at("later").disabled = epoch === epochs.length - 1;
}

function show() {
  gather();
  showNetwork();
  bringIntoView();
  showFrame();
  showSums();
  showEpoch();
  try { history.replaceState(null, "", "#" + (epoch + 1) + "." + moment); }
  catch (error) { /* some viewers allow no address: then it cannot be shared */ }
}

function go(newEpoch, newMoment) {
  epoch = Math.min(Math.max(newEpoch, 0), epochs.length - 1);
  moment = Math.min(Math.max(newMoment, 0), epochs[epoch].frames.length);
  show();
}

const ways = {
  forward: () => moment < epochs[epoch].frames.length ? go(epoch, moment + 1) :
    epoch < epochs.length - 1 && go(epoch + 1, 1),
  back: () => moment > 0 && (moment > 1 || epoch === 0) ? go(epoch, moment - 1) :
    epoch > 0 && go(epoch - 1, epochs[epoch - 1].frames.length),
  later: () => go(epoch + 1, epoch < epochs.length - 1 ? moment : epochs[epoch].frames.length),
  earlier: () => go(epoch - 1, moment),
  first: () => go(0, 0),
  last: () => go(epochs.length - 1, Infinity),
};
const keys = { ArrowRight: "forward", ArrowLeft: "back", ArrowDown: "later", ArrowUp: "earlier",
  Home: "first", End: "last" };

document.addEventListener("keydown", event => {
  const way = keys[event.key];
  if (!way || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  ways[way]();
});
for (const id of ["first", "back", "forward", "earlier", "later"]) at(id).onclick = ways[id];
for (const group of document.querySelectorAll("#network g")) {
  const choose = () => { chosen = group.id; showSums(); };
  group.onmouseenter = group.onfocus = group.onclick = choose;
}
const [wantedEpoch, wantedMoment] = location.hash.slice(1).split(".").map(Number);
go((wantedEpoch || 1) - 1, wantedMoment || 0);
"""
