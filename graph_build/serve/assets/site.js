// What the pages gain where scripts run: suggestions as one types, tables that sort, facets without a button.
"use strict";
(() => {
  const main = document.getElementById("main");
  const here = location.pathname.replace(/\.html$/, "");
  for (const link of document.querySelectorAll(".top nav a")) {
    if (new URL(link.href).pathname.replace(/\.html$/, "") === here) link.setAttribute("aria-current", "page");
  }

  // Suggestions. A list box owned by the input (ARIA combobox pattern); every text is set as text.
  const suggest = (input, choose) => {
    const list = document.createElement("ul");
    list.className = "suggest"; list.id = input.id + "-list"; list.hidden = true; list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    input.after(list);
    for (const [k, v] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(k, v);
    if (getComputedStyle(input.parentElement).position === "static") input.parentElement.style.position = "relative";
    let at = -1, found = [], timer = 0, turn = 0;
    const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const mark = (n) => {
      at = n;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
      if (at >= 0) { input.setAttribute("aria-activedescendant", list.children[at].id); list.children[at].scrollIntoView({ block: "nearest" }); }
    };
    const show = (hits) => {
      found = hits; list.replaceChildren();
      hits.forEach((hit, i) => {
        const item = document.createElement("li");
        item.id = list.id + "-" + i; item.setAttribute("role", "option");
        item.textContent = hit.label.replace(/[\u0001\u0002]/g, "");
        const small = document.createElement("small");
        small.textContent = [hit.kind, hit.detail].filter(Boolean).join(" · ");
        item.append(small);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(hit); });
        list.append(item);
      });
      list.hidden = !hits.length; at = -1; input.setAttribute("aria-expanded", String(!!hits.length));
    };
    const ask = async () => {
      const words = input.value.trim(), mine = ++turn;
      if (words.length < 2) return close();
      if (window.communiqueIndex) {
        const parts = words.toLowerCase().split(/\s+/);
        return show(window.communiqueIndex.filter((e) => parts.every((p) => e[3].includes(p))).sort((a, b) => rank(a, words) - rank(b, words)).slice(0, 8).map(([href, kind, label]) => ({ href: root() + href, kind, label })));
      }
      if (location.protocol === "file:") return;
      try {
        const reply = await fetch("/suggest?q=" + encodeURIComponent(words));
        if (reply.ok && mine === turn) show(await reply.json());
      } catch { close(); }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark((at + (event.key === "ArrowDown" ? 1 : list.children.length)) % list.children.length);
      } else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(found[at]); }
      else if (event.key === "Escape") close();
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
  };
  // The whole name first, then what begins so, then the shorter.
  const rank = ([, , label], words) => {
    const name = label.toLowerCase(), asked = words.toLowerCase();
    return (name === asked ? 0 : name.startsWith(asked) ? 1000 : 2000) + Math.min(name.length, 999);
  };
  const root = () => document.querySelector(".brand").getAttribute("href").replace(/index\.html$/, "");
  const box = document.getElementById("q");
  if (box) suggest(box, (hit) => { location.href = hit.href; });
  for (const input of document.querySelectorAll("input[data-suggest]")) {
    suggest(input, (hit) => { input.value = hit.href.replace(/^\/id\//, "").replace(/\.html.*$/, ""); input.form.requestSubmit(); });
  }

  // Tables: a heading sorts by its column, by number where all are numbers.
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (head.classList.contains("plain") || table.tBodies[0].rows.length < 2) return;
      const button = document.createElement("button");
      button.type = "button"; button.textContent = head.textContent; head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows], text = (row) => row.cells[column].textContent.trim();
        const numbers = rows.every((row) => text(row) === "" || !isNaN(Number(text(row))));
        rows.sort((a, b) => (numbers ? Number(text(a)) - Number(text(b)) : text(a).localeCompare(text(b), "en", { numeric: true })) * (down ? -1 : 1));
        table.tBodies[0].append(...rows);
      });
    });
  }

  // Facets: at the server a choice asks again; in a folder of files the lines are hidden here.
  const form = document.querySelector("form[data-register]");
  if (form) {
    const server = form.getAttribute("action") === "/commitments";
    const narrow = () => {
      const chosen = Object.fromEntries(new FormData(form));
      let shown = 0;
      for (const line of document.querySelectorAll(".register > li")) {
        const fits = Object.entries(chosen).every(([facet, value]) => !value || (facet === "q" ? line.textContent.toLowerCase().includes(value.toLowerCase()) : !(facet in line.dataset) || line.dataset[facet].split("; ").includes(value)));
        line.hidden = !fits; shown += fits;
      }
      document.querySelector("[data-total]").textContent = shown;
    };
    if (server) for (const select of form.querySelectorAll("select")) select.addEventListener("change", () => form.requestSubmit());
    else {
      form.addEventListener("input", narrow);
      form.addEventListener("submit", (event) => { event.preventDefault(); narrow(); });
      const asked = new URLSearchParams(location.search);
      for (const [name, value] of asked) if (form.elements[name]) form.elements[name].value = value;
      if ([...asked].length) narrow();
    }
  }

  // Membership as known at a date, in a folder of files: a date may be known to the year only, so a day is compared as text
  // with the last day that it can be ("2015~" sorts after "2015-12-31"), as the question does.
  const asof = document.querySelector("form[data-asof]");
  if (asof) {
    const narrow = () => {
      const { on, known, q } = Object.fromEntries(new FormData(asof));
      for (const row of document.querySelectorAll("table.asof tbody tr")) {
        const late = (value, limit) => limit && !(value && value <= limit + "~");
        row.hidden = late(row.dataset.at, on) || late(row.dataset.said, known) || !!q && !row.textContent.toLowerCase().includes(q.toLowerCase());
      }
      for (const part of document.querySelectorAll("section:has(table.asof)")) part.querySelector(".n").textContent = part.querySelectorAll("tbody tr:not([hidden])").length;
    };
    asof.addEventListener("input", narrow);
    asof.addEventListener("submit", (event) => { event.preventDefault(); narrow(); });
  }

  // A link to a passage marks its whole run of words.
  const show = () => {
    for (const old of document.querySelectorAll(".hl.found")) old.classList.remove("found");
    const target = location.hash.startsWith("#p") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    let next = target;
    while (next && !next.classList.contains("hl")) next = next.nextElementSibling;
    if (next) next.classList.add("found");
  };
  addEventListener("hashchange", show); show();

  // Search in a folder of files.
  const results = document.getElementById("results");
  if (results) addEventListener("DOMContentLoaded", () => {
    const words = (new URLSearchParams(location.search).get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length || !window.communiqueIndex) return;
    const list = document.createElement("ul"); list.className = "links tall";
    for (const [href, kind, label, text] of window.communiqueIndex) {
      if (!words.every((w) => text.includes(w))) continue;
      const item = document.createElement("li"), link = document.createElement("a"), detail = document.createElement("span");
      link.href = root() + href; link.textContent = label; detail.className = "detail"; detail.textContent = kind;
      item.append(link, " ", detail); list.append(item);
      if (list.children.length > 200) break;
    }
    results.replaceChildren(list);
  });
  if (main && location.hash === "#main") main.focus();
})();
