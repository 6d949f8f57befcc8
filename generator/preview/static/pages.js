// The document: shows the blocks that changed, moves by keyboard, says what is pointed at.
const STOPS = "[data-place], [data-figure]";

export function createPages(pane, { open, explain, leave }) {
  let hovering = 0;
  let openedPlace = "";

  pane.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const stop = event.target.closest(STOPS);
    if (stop) choose(stop);
  });
  pane.addEventListener("pointerover", (event) => {
    const figure = event.target.closest("[data-figure]");
    clearTimeout(hovering);
    // A short rest, so that crossing a table does not ask for every figure on the way.
    if (figure) hovering = setTimeout(() => explain(figure.dataset.figure), 120);
  });
  pane.addEventListener("focusin", (event) => {
    const stop = event.target.closest(STOPS);
    if (!stop) return;
    for (const other of pane.querySelectorAll('[data-place][tabindex="0"], [data-figure][tabindex="0"]')) other.tabIndex = -1;
    stop.tabIndex = 0;
    if (stop.dataset.figure) explain(stop.dataset.figure);
  });
  pane.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const stop = event.target.closest(STOPS);
    if (!stop) {
      if (event.target === pane && event.key.startsWith("Arrow")) move(event, first(pane));
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(stop);
    } else if (event.key === "Escape") leave();
    else if (event.key === "ArrowRight") move(event, beside(stop, 1));
    else if (event.key === "ArrowLeft") move(event, beside(stop, -1));
    else if (event.key === "ArrowDown") move(event, below(stop, 1));
    else if (event.key === "ArrowUp") move(event, below(stop, -1));
  });

  function choose(stop) {
    if (stop.dataset.figure) explain(stop.dataset.figure);
    const place = stop.dataset.place ?? stop.closest("[data-place]")?.dataset.place;
    if (place) open(place);
  }

  function move(event, stop) {
    if (!stop) return;
    event.preventDefault();
    stop.focus();
    stop.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const stops = () => [...pane.querySelectorAll(STOPS)];

  function beside(stop, step) {
    const all = stops();
    return all[all.indexOf(stop) + step];
  }

  // The same column of the next row; outside tables the next block.
  function below(stop, step) {
    const row = stop.closest("tr");
    if (row) {
      const next = step > 0 ? rowAfter(row) : rowBefore(row);
      const cells = next ? [...next.querySelectorAll(STOPS)] : [];
      const left = stop.getBoundingClientRect().left;
      const distance = (cell) => Math.abs(cell.getBoundingClientRect().left - left);
      if (cells.length) return cells.reduce((best, cell) => (distance(cell) < distance(best) ? cell : best));
    }
    const all = stops();
    const start = blockOf(stop);
    for (let at = all.indexOf(stop) + step; all[at]; at += step) {
      const block = blockOf(all[at]);
      if (block !== start) return step > 0 ? all[at] : first(block) ?? all[at];
    }
    return undefined;
  }

  function first(block) {
    return block.matches(STOPS) ? block : block.querySelector(STOPS);
  }

  function mark() {
    for (const other of pane.querySelectorAll(".opened")) other.classList.remove("opened");
    if (!openedPlace) return;
    for (const stop of pane.querySelectorAll(`[data-place="${CSS.escape(openedPlace)}"]`)) stop.classList.add("opened");
  }

  return {
    // Replaces only the blocks whose HTML changed, so that nothing jumps.
    show(html) {
      const fresh = document.createRange().createContextualFragment(html).firstElementChild;
      const old = pane.firstElementChild;
      prepare(fresh);
      if (!old) pane.append(fresh);
      else {
        const place = focused(pane);
        update(old, fresh);
        if (place) pane.querySelector(place)?.focus({ preventScroll: true });
      }
      mark();
      if (!pane.querySelector('[data-place][tabindex="0"]')) {
        const stop = first(pane);
        if (stop) stop.tabIndex = 0;
      }
    },
    focusOpened() {
      (pane.querySelector(".opened") ?? first(pane))?.focus();
    },
    // Marks what a template line prints.
    opened(place) {
      openedPlace = place;
      mark();
    },
  };
}

function prepare(article) {
  for (const stop of article.querySelectorAll(STOPS)) {
    stop.tabIndex = -1;
    // A cell keeps its own role: a table must stay a table.
    if (stop.tagName === "SPAN" && stop.dataset.figure) stop.setAttribute("role", "button");
  }
}

function update(old, fresh) {
  const before = [...old.children];
  const after = [...fresh.children];
  if (before.length !== after.length || old.tagName !== fresh.tagName) {
    const same = new Set(before.map(plain));
    for (const child of after) if (!same.has(plain(child))) child.classList.add("changed");
    old.replaceWith(fresh);
    return;
  }
  before.forEach((child, at) => {
    if (plain(child) === plain(after[at])) return;
    if (child.tagName === "SECTION" && after[at].tagName === "SECTION") update(child, after[at]);
    else {
      after[at].classList.add("changed");
      child.replaceWith(after[at]);
    }
  });
}

// An element's HTML without what this page has added to it.
function plain(block) {
  return block.outerHTML.replace(/ tabindex="(0|-1)"/g, "").replace(/ class="([^"]*)"/g, (_, names) => {
    const own = names.split(" ").filter((name) => name && name !== "changed" && name !== "opened");
    return own.length ? ` class="${own.join(" ")}"` : "";
  });
}

function focused(pane) {
  const stop = document.activeElement;
  if (!pane.contains(stop) || !stop.dataset?.place) return "";
  const figure = stop.dataset.figure ? `[data-figure="${CSS.escape(stop.dataset.figure)}"]` : "";
  return `[data-place="${CSS.escape(stop.dataset.place)}"]${figure}`;
}

function blockOf(stop) {
  return stop.closest("tr, p, h1, h2, h3, h4, h5, li");
}

function rowAfter(row) {
  return row.nextElementSibling ?? (row.parentElement.tagName === "THEAD" ? row.closest("table").querySelector("tbody tr") : null);
}

function rowBefore(row) {
  return row.previousElementSibling ?? (row.parentElement.tagName === "TBODY" ? row.closest("table").querySelector("thead tr:last-child") : null);
}
