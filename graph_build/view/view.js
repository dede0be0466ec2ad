/* Pan, zoom, search and sentences for the pictures in a page. Works on markup that is there without it: the drawing, the
   notes and the table stay readable where scripts do not run. Every text goes in as text, never as markup. */
(() => {
  "use strict";
  const make = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  function start(root) {
    const data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
    const view = root.querySelector(".cq-view");
    const panel = root.querySelector(".cq-panel");
    const body = root.querySelector(".cq-body");
    const search = root.querySelector("input[type=search]");
    const found = root.querySelector(".cq-found");
    const steps = root.querySelector("select[data-steps]");
    let current = data.pictures[0], svg, at = {x: 0, y: 0, k: 1}, byId, asked = 0, hits = [], hit = -1;

    const place = () => {
      svg.style.transform = `translate(${at.x}px,${at.y}px) scale(${at.k})`;
    };
    const bounds = () => {
      const w = current.width * at.k, h = current.height * at.k, box = view.getBoundingClientRect();
      at.x = w <= box.width ? (box.width - w) / 2 : Math.min(40, Math.max(box.width - w - 40, at.x));
      at.y = h <= box.height ? (at.y < 0 ? Math.max(at.y, -Number(svg.dataset.top || 0) * at.k) : 0) : Math.min(40, Math.max(box.height - h - 40, at.y));
    };
    const draw = () => {
      if (asked) return;
      asked = requestAnimationFrame(() => { asked = 0; bounds(); place(); });
    };
    const zoom = (by, x, y) => {
      const k = Math.min(6, Math.max(0.05, at.k * by));
      at.x = x - (x - at.x) * (k / at.k);
      at.y = y - (y - at.y) * (k / at.k);
      at.k = k;
      draw();
    };
    const middle = () => [view.clientWidth / 2, view.clientHeight / 2];
    const fit = () => {
      at.k = Math.min(view.clientWidth / current.width, view.clientHeight / current.height, 1.5);
      at.x = at.y = 0;
      draw();
    };
    /* Readable before whole: text is never drawn smaller than nine tenths of its size unless somebody asks for it. */
    const begin = () => {
      at.k = Math.min(1.25, Math.max(0.9, view.clientWidth / current.width));
      at.x = 0;
      at.y = -Number(svg.dataset.top || 0) * at.k;
      const focus = current.nodes.find((n) => n.focus);
      const mark = focus && svg.querySelector(`[data-id="${CSS.escape(focus.id)}"]`);
      if (mark && current.width * at.k > view.clientWidth) {
        const box = mark.getBBox();
        at.x = Math.min(0, view.clientWidth / 2 - (box.x + box.width / 2) * at.k);
      }
      draw();
    };
    const show = (mark) => {
      const box = mark.getBBox();
      if (at.k < 0.8) at.k = 1;
      at.x = view.clientWidth / 2 - (box.x + box.width / 2) * at.k;
      at.y = view.clientHeight / 2 - (box.y + box.height / 2) * at.k;
      draw();
    };

    const sentences = (into, said) => {
      for (const [quote, document_, paragraph] of said.slice(0, 50)) {
        into.append(make("blockquote", quote ? `“${quote}”` : "(no sentence)"));
        if (document_) into.append(make("div", `— ${document_}${paragraph ? `, paragraph ${paragraph}` : ""}`, "cq-where"));
      }
      if (said.length > 50) into.append(make("p", `… and ${said.length - 50} more, in the table`));
    };
    const link = (node) => {
      const item = make("li"), go = make("button", node.label, "cq-go");
      go.type = "button";
      go.addEventListener("click", () => choose("node", node.id, true));
      item.append(go);
      if (node.when) item.append(` (${node.when})`);
      return item;
    };
    const tie = (list, edge, other) => {
      const item = link(other);
      item.prepend(`${edge.label || edge.relation}: `);
      list.append(item);
    };

    function choose(kind, id, move) {
      svg.querySelectorAll(".cq-chosen").forEach((m) => m.classList.remove("cq-chosen"));
      const marks = [...svg.querySelectorAll(kind === "node" ? `[data-id="${CSS.escape(id)}"]` : `[data-edge="${CSS.escape(id)}"]`)];
      marks.forEach((m) => m.classList.add("cq-chosen"));
      if (marks.length && move) show(marks[0]);
      panel.replaceChildren();
      const close = make("button", "×", "cq-close");
      close.type = "button";
      close.setAttribute("aria-label", "Close");
      close.addEventListener("click", shut);
      panel.append(close);
      if (kind === "edge") {
        const edge = current.edges[Number(id)];
        if (!edge) return;
        const a = byId.get(edge.source), b = byId.get(edge.target);
        panel.append(make("h2", edge.label || edge.relation));
        const list = make("ul");
        if (a) { const item = link(a); item.prepend("from "); list.append(item); }
        if (b) { const item = link(b); item.prepend("to "); list.append(item); }
        panel.append(list);
        sentences(panel, edge.said);
      } else {
        const node = byId.get(id);
        if (!node) return;
        panel.append(make("h2", node.label));
        const facts = [node.kind, node.when, node.place].filter(Boolean).join(" · ");
        if (facts) panel.append(make("div", facts, "cq-where"));
        if (node.note) panel.append(make("p", node.note));
        for (const [name, value] of node.more) panel.append(make("div", `${name}: ${value}`, "cq-where"));
        if (node.href) {
          const page = make("a", "Everything said of it");
          page.href = node.href;
          panel.append(make("p"), page);
        } else if (node.iri) panel.append(make("div", node.id, "cq-where"));
        if (node.said.length) { panel.append(make("h3", "Sentences")); sentences(panel, node.said); }
        const ways = [["What led to it", (e) => e.target === id, (e) => e.source], ["What came of it", (e) => e.source === id, (e) => e.target]];
        if (!data.directed) ways.splice(0, 2, ["Tied to", (e) => e.source === id || e.target === id, (e) => (e.source === id ? e.target : e.source)]);
        for (const [heading, is, far] of ways) {
          const ties = current.edges.filter(is);
          if (!ties.length) continue;
          panel.append(make("h3", heading));
          for (const edge of ties.slice(0, 60)) {
            const list = make("ul"), other = byId.get(far(edge));
            if (other) { tie(list, edge, other); panel.append(list); sentences(panel, edge.said.slice(0, 3)); }
          }
          if (ties.length > 60) panel.append(make("p", `… and ${ties.length - 60} more, in the table`));
        }
        if (node.members.length) {
          panel.append(make("h3", `${node.members.length} in this group`));
          const list = make("ul");
          for (const label of node.members.slice(0, 200)) list.append(make("li", label));
          if (node.members.length > 200) list.append(make("li", `… and ${node.members.length - 200} more, in the table`));
          panel.append(list);
        }
      }
      panel.hidden = false;
      body.classList.add("cq-open-panel");
      panel.focus({preventScroll: innerWidth > 800});
    }
    function shut() {
      panel.hidden = true;
      body.classList.remove("cq-open-panel");
      svg.querySelectorAll(".cq-chosen").forEach((m) => m.classList.remove("cq-chosen"));
      view.focus({preventScroll: true});
    }

    function load(number) {
      current = data.pictures[number];
      if (number || view.dataset.shown) {
        const parsed = new DOMParser().parseFromString(current.svg, "image/svg+xml");
        view.replaceChildren(document.importNode(parsed.documentElement, true));
      }
      view.dataset.shown = "1";
      svg = view.querySelector("svg");
      if (!number && !data.pictures[0].svg) data.pictures[0].svg = svg.outerHTML;
      current.width = Number(svg.dataset.w);
      current.height = Number(svg.dataset.h);
      byId = new Map(current.nodes.map((n) => [n.id, n]));
      begin();
    }

    const pointers = new Map();
    let moved = 0, last = null;
    view.addEventListener("pointerdown", (event) => {
      pointers.set(event.pointerId, event);
      moved = 0;
      last = null;
    });
    view.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      pointers.set(event.pointerId, event);
      if (pointers.size === 2) {
        const [a, b] = [...pointers.values()], box = view.getBoundingClientRect();
        const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
        if (last) zoom(apart / last, (a.clientX + b.clientX) / 2 - box.left, (a.clientY + b.clientY) / 2 - box.top);
        last = apart;
        moved = 99;
        return;
      }
      const dx = event.clientX - before.clientX, dy = event.clientY - before.clientY;
      moved += Math.abs(dx) + Math.abs(dy);
      if (moved < 4) return;
      if (!view.hasPointerCapture(event.pointerId)) view.setPointerCapture(event.pointerId);
      view.classList.add("cq-drag");
      at.x += dx;
      at.y += dy;
      draw();
    });
    const up = (event) => { pointers.delete(event.pointerId); view.classList.remove("cq-drag"); };
    view.addEventListener("pointerup", up);
    view.addEventListener("pointercancel", up);
    const open = (target) => {
      const mark = target.closest && target.closest("[data-id],[data-edge]");
      if (!mark) return false;
      if (mark.hasAttribute("data-id")) choose("node", mark.getAttribute("data-id"));
      else choose("edge", mark.getAttribute("data-edge"));
      return true;
    };
    view.addEventListener("click", (event) => { if (moved < 4) { if (!open(event.target) && !event.target.closest("a")) shut(); } });
    view.addEventListener("wheel", (event) => {
      const box = view.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
        return;
      }
      /* At the picture's edge the wheel is the page's again. */
      const before = [at.x, at.y];
      at.x -= event.shiftKey ? event.deltaY : event.deltaX;
      at.y -= event.shiftKey ? 0 : event.deltaY;
      bounds();
      if (Math.abs(at.x - before[0]) + Math.abs(at.y - before[1]) > 0.5) event.preventDefault();
      draw();
    }, {passive: false});
    view.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = 60, keys = {
        ArrowLeft: () => { at.x += step; }, ArrowRight: () => { at.x -= step; }, ArrowUp: () => { at.y += step; }, ArrowDown: () => { at.y -= step; },
        "+": () => zoom(1.25, ...middle()), "=": () => zoom(1.25, ...middle()), "-": () => zoom(0.8, ...middle()), "0": fit, "1": begin,
        "/": () => search && search.focus(), Escape: shut, Enter: () => open(event.target), " ": () => open(event.target),
      };
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
      draw();
    });
    view.addEventListener("focusin", (event) => {
      const mark = event.target.closest("[data-id],[data-edge]");
      if (mark && mark.matches(":focus-visible")) show(mark);
    });

    const look = (next) => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      svg.querySelectorAll(".cq-hit").forEach((m) => m.classList.remove("cq-hit"));
      svg.classList.remove("cq-searching");
      svg.querySelectorAll(".cq-faded").forEach((m) => m.classList.remove("cq-faded"));
      if (!words.length) { hits = []; hit = -1; found.textContent = ""; return; }
      const is = (n) => { const text = `${n.label} ${n.kind} ${n.when} ${n.place} ${n.note} ${n.id} ${n.members.join(" ")}`.toLowerCase(); return words.every((w) => text.includes(w)); };
      hits = current.nodes.filter(is).map((n) => svg.querySelector(`[data-id="${CSS.escape(n.id)}"]`)).filter(Boolean);
      svg.querySelectorAll("[data-id]").forEach((m) => m.classList.add("cq-faded"));
      hits.forEach((m) => { m.classList.add("cq-hit"); m.classList.remove("cq-faded"); });
      hit = hits.length ? (next ? (hit + 1) % hits.length : 0) : -1;
      found.textContent = hits.length ? `${hit + 1} of ${hits.length}` : "nothing of that name in this picture";
      if (hits.length) show(hits[hit]);
    };
    if (search) {
      search.addEventListener("input", () => look(false));
      search.addEventListener("keydown", (event) => {
        if (event.key === "Enter") { event.preventDefault(); look(true); }
        if (event.key === "Escape") { search.value = ""; look(false); view.focus(); }
      });
    }
    root.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", () => {
      ({in: () => zoom(1.25, ...middle()), out: () => zoom(0.8, ...middle()), fit, full: begin})[button.dataset.do]();
    }));
    if (steps) steps.addEventListener("change", () => { shut(); load(Number(steps.value)); if (search.value) look(false); });

    /* Rows of an attendance picture in another order: each row is a group that is moved whole. */
    const order = root.querySelector("select[data-order]");
    if (order) order.addEventListener("change", () => {
      const rows = [...svg.querySelectorAll("[data-row]")];
      const places = rows.map((r) => Number(r.dataset.y)).sort((a, b) => a - b);
      const key = order.value;
      rows.sort((a, b) => (key === "name" ? a.dataset.name.localeCompare(b.dataset.name, "en") : key === "first" ? a.dataset.first.localeCompare(b.dataset.first) : Number(b.dataset.total) - Number(a.dataset.total)) || Number(a.dataset.y) - Number(b.dataset.y));
      rows.forEach((row, i) => row.setAttribute("transform", `translate(0 ${places[i] - Number(row.dataset.y)})`));
    });

    root.querySelectorAll(".cq-table th").forEach((head, column) => {
      const button = make("button", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      let down = false;
      button.addEventListener("click", () => {
        const rows = [...head.closest("table").tBodies[0].rows];
        rows.sort((a, b) => a.cells[column].textContent.localeCompare(b.cells[column].textContent, "en", {numeric: true}) * (down ? -1 : 1));
        head.closest("table").tBodies[0].append(...rows);
        head.closest("tr").querySelectorAll("th").forEach((h) => h.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        down = !down;
      });
    });
    addEventListener("resize", () => { if (svg) draw(); });
    load(0);
    root.classList.add("cq-ready");
  }
  document.querySelectorAll("[data-communique-picture]").forEach(start);
})();
