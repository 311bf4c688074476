// Adds filters, keys and clicks on words; the page can be read without it. It sets classes and texts only, so
// that no text of an article is ever read as markup.
const find = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const filters = document.getElementById("filters");
const cards = find(".card");
const marks = new Map();
for (const mark of find("[data-of]")) {
  if (!marks.has(mark.dataset.of)) marks.set(mark.dataset.of, []);
  marks.get(mark.dataset.of).push(mark);
}
const marksOf = (card) => marks.get(card.id) ?? [];

function filter() {
  const ticked = (name) => new Set(find(`input[name=${name}]:checked`, filters).map((box) => box.value));
  const [severities, categories, sure] = [ticked("severity"), ticked("category"), ticked("sure")];
  let shown = 0;
  for (const card of cards) {
    const { severity, category, sure: isSure } = card.dataset;
    card.hidden = !(severities.has(severity) && categories.has(category) && sure.has(isSure));
    if (!card.hidden) shown += 1;
    for (const mark of marksOf(card)) {
      if (mark.matches("a")) mark.hidden = card.hidden;
      else mark.classList.toggle("off", card.hidden);
    }
  }
  document.getElementById("shown").textContent = `${shown} of ${cards.length} findings shown`;
}

function go(id) {
  // The same address twice is no move for the browser, and would not move the focus either.
  if (location.hash === `#${id}`) document.getElementById(id).focus();
  else location.hash = id;
}

function choose() {
  for (const mark of find("mark.chosen")) mark.classList.remove("chosen");
  const id = location.hash.slice(1).replace("-m", "-f");
  for (const mark of marks.get(id) ?? []) if (mark.matches("mark")) mark.classList.add("chosen");
}

function onClick(event) {
  if (event.target.closest("a") || !getSelection().isCollapsed) return;
  const mark = event.target.closest("mark[data-of]:not(.off)");
  if (mark) go(mark.dataset.of);
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const holder = document.activeElement.closest(".card, .source .tag");
  if (!holder) return;
  const id = holder.dataset.of ?? holder.id;
  const step = { n: 1, p: -1 }[event.key];
  if (event.key === "Escape") go(id.replace("-f", "-m"));
  if (!step) return;
  const shown = cards.filter((card) => !card.hidden || card.id === id);
  const next = shown[shown.findIndex((card) => card.id === id) + step];
  if (next) go(next.id);
}

let opened = [];
addEventListener("beforeprint", () => {
  opened = find("details:not([open])");
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
addEventListener("hashchange", choose);
document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
choose();
if (filters) {
  filters.hidden = false;
  filters.addEventListener("change", filter);
  document.getElementById("all").addEventListener("click", () => {
    for (const box of find("input", filters)) box.checked = true;
    filter();
  });
  filter();
}
