/* Makes the pictures of a graph answer: neighbours, search, folded clusters. It needs nothing and sends nothing. */
(() => {
  const inline = (img) => {
    const bytes = Uint8Array.from(atob(img.src.split(",")[1]), (c) => c.charCodeAt(0));
    const read = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "image/svg+xml");
    const svg = document.importNode(read.documentElement, true);
    svg.setAttribute("width", img.getAttribute("width"));
    svg.removeAttribute("height");
    svg.setAttribute("role", "group");
    for (const part of svg.querySelectorAll("[id]")) {
      part.dataset.id = part.id;
      part.removeAttribute("id"); // other pictures of the page have the same
    }
    img.replaceWith(svg);
    return svg;
  };

  const light = (svg, node) => {
    for (const part of svg.querySelectorAll(".cx-near")) part.classList.remove("cx-near");
    svg.classList.toggle("cx-lit", node !== null);
    if (node === null) return;
    const near = new Set([node.dataset.id]);
    for (const edge of svg.querySelectorAll(".edge")) {
      const { from, to } = edge.dataset;
      if (from !== node.dataset.id && to !== node.dataset.id) continue;
      edge.classList.add("cx-near");
      near.add(from).add(to);
    }
    for (const other of svg.querySelectorAll(".node")) {
      if (near.has(other.dataset.id)) other.classList.add("cx-near");
    }
  };

  const open = (section, node) => {
    const part = section.querySelector(`:scope > details[data-part="${node.dataset.id}"]`);
    if (part === null) return;
    part.open = true;
    part.scrollIntoView({ behavior: "smooth", block: "nearest" });
    part.querySelector("summary").focus({ preventScroll: true });
  };

  const prepare = (section, svg, isOverview) => {
    for (const node of svg.querySelectorAll(".node")) {
      node.setAttribute("tabindex", "0");
      const isCluster = isOverview && node.classList.contains("cluster");
      node.setAttribute("role", isCluster ? "button" : "img");
      node.setAttribute("aria-label", node.querySelector("title").textContent);
      for (const sign of ["pointerenter", "focus"]) node.addEventListener(sign, () => light(svg, node));
      for (const sign of ["pointerleave", "blur"]) node.addEventListener(sign, () => light(svg, null));
      if (!isCluster) continue;
      node.addEventListener("click", () => open(section, node));
      node.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        open(section, node);
      });
    }
  };

  const search = (section, pictures, words) => {
    const wanted = words.trim().toLowerCase();
    let count = 0;
    const opened = [];
    for (const { svg, part } of pictures) {
      let here = 0;
      for (const node of svg.querySelectorAll(".node")) {
        const isFound = wanted !== "" && node.querySelector("title").textContent.toLowerCase().includes(wanted);
        node.classList.toggle("cx-found", isFound);
        if (isFound && !node.classList.contains("cluster")) here += 1;
      }
      svg.classList.toggle("cx-sought", wanted !== "");
      if (part !== null && here > 0) opened.push(part);
      count += here;
    }
    if (wanted !== "" && opened.length <= 3) {
      for (const { part } of pictures) if (part !== null) part.open = opened.includes(part);
    }
    for (const row of section.querySelectorAll(".cx-all tbody tr")) {
      row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
    }
    const said = opened.map((part) => part.querySelector("b").textContent).join(", ");
    section.querySelector(".cx-search output").textContent =
      wanted === "" ? "" : `${count} found` + (said ? `, in ${said}` : "");
  };

  for (const section of document.querySelectorAll(".cx-graph:not([data-live])")) {
    section.dataset.live = "";
    const pictures = [];
    for (const img of section.querySelectorAll("figure > img")) {
      const svg = inline(img);
      const part = svg.closest("details");
      prepare(section, svg, part === null);
      pictures.push({ svg, part });
    }
    const field = section.querySelector(".cx-search");
    if (field === null) continue;
    field.hidden = false;
    field.querySelector("input").addEventListener("input", (event) => search(section, pictures, event.target.value));
    field.querySelector("input").addEventListener("keydown", (event) => {
      event.stopPropagation(); // a notebook has keys of its own
      if (event.key !== "Escape") return;
      event.target.value = "";
      search(section, pictures, "");
    });
  }
})();
