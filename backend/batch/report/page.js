"use strict";

const table = document.getElementById("takes");
const takes = Array.from(table.tBodies);
const filters = document.getElementById("filters");
const words = document.getElementById("words");
const state = document.getElementById("state");
const grade = document.getElementById("grade");
const GRADES = ["poor", "fair", "good"];

const texts = new Map(takes.map((take) => [take, take.textContent.toLowerCase()]));

function filter() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const take of takes) {
    const fits = (!state.value || take.dataset.state === state.value)
      && (!grade.value || take.dataset.grade === grade.value)
      && wanted.every((word) => texts.get(take).includes(word));
    take.hidden = !fits;
    shown += fits;
  }
  document.getElementById("shown").textContent = shown === takes.length ? "" : `${shown} of ${takes.length}`;
}

function sort(header) {
  const falls = header.getAttribute("aria-sort") === "ascending";
  table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
  header.setAttribute("aria-sort", falls ? "descending" : "ascending");
  const name = header.dataset.sort;
  const value = (take) => name === "grade" ? GRADES.indexOf(take.dataset.grade) : Number(take.dataset[name]);
  takes.sort((a, b) => (falls ? -1 : 1) * (value(a) - value(b)) || a.dataset.number - b.dataset.number);
  table.append(...takes);
}

function unfold(open) {
  table.querySelectorAll("details").forEach((details) => { details.open = open; });
}

table.tHead.addEventListener("click", (event) => {
  const header = event.target.closest("th[data-sort]");
  if (header) sort(header);
});
filters.addEventListener("input", filter);
filters.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("unfold").addEventListener("click", (event) => {
  const open = event.target.textContent.startsWith("Show");
  unfold(open);
  event.target.textContent = open ? "Hide all details" : "Show all details";
});
window.addEventListener("beforeprint", () => unfold(true));
filters.hidden = false;
