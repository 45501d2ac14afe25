"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const svgNS = "http://www.w3.org/2000/svg";

function node(name, attributes, text) {
  const n = document.createElementNS(svgNS, name);
  for (const k in attributes) n.setAttribute(k, attributes[k]);
  if (text !== undefined) n.textContent = text;
  return n;
}

// Round steps for an axis from 0 or below to max.
function ticks(min, max, count) {
  const rough = (max - min) / count || 1;
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= rough);
  const out = [];
  for (let v = Math.ceil(min / step) * step; v <= max + step * 1e-9; v += step) out.push(v);
  return out;
}

function short(v) {
  if (v === null || v === undefined) return "–";
  if (Math.abs(v) >= 1000) return Math.round(v).toLocaleString("en");
  return String(Number(v.toPrecision(3)));
}

function clock(ms) {
  const s = Math.round(ms / 100) / 10;
  if (s < 60) return s + "s";
  const whole = Math.round(s), h = Math.floor(whole / 3600), m = Math.floor(whole % 3600 / 60);
  return (h ? h + "h" : "") + (m ? m + "m" : "") + (whole % 60 ? whole % 60 + "s" : "");
}

// Steps of time that people count in.
function clockTicks(min, max, count) {
  const steps = [100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 144e5, 432e5];
  const step = steps.find(s => (max - min) / s <= count) || 864e5 * Math.ceil((max - min) / 864e5 / count);
  const out = [];
  for (let v = Math.ceil(min / step) * step; v <= max; v += step) out.push(v);
  return out;
}

function quantile(x) {
  const percent = 100 * (1 - Math.pow(10, -x));
  return "p" + Number(percent.toFixed(Math.max(0, Math.ceil(x) - 1) || (percent % 1 ? 1 : 0)));
}

// What a chart shows: x and series of equal length, null where nothing was
// measured.
function definition(name) {
  const time = { x: data.at, bands: data.bands, xText: clock, xTicks: clockTicks, end: data.at[data.at.length - 1] };
  if (name === "times") return { ...time, unit: "ms", series: [["p50", data.p50], ["p95", data.p95], ["p99", data.p99]] };
  if (name === "rates") return { ...time, unit: "/s", series: [["requests", data.completed], ["failures", data.failed]] };
  if (name === "users") return { ...time, unit: "", series: [["users", data.users], ["in flight", data.in_flight]] };
  if (name === "distribution") {
    return { x: data.distribution.x, bands: [], unit: "ms", xText: quantile, series: [["response time", data.distribution.ms]],
      xTicks: (min, max) => [0, .30103, 1, 2, 3, 4, 5].filter(v => v <= max) };
  }
  const gauge = data.gauges[Number(name)];
  return { ...time, x: gauge.at, unit: "", series: [[gauge.name, gauge.values]] };
}

function chart(figure) {
  const d = definition(figure.dataset.chart);
  const plot = figure.querySelector(".plot"), out = figure.querySelector("output");
  const left = 60, top = 18, bottom = 22, right = 10, height = 210;
  const all = d.series.flatMap(s => s[1]).filter(v => v !== null);
  const xMin = 0, xMax = Math.max(d.end || 0, d.x[d.x.length - 1] || 0) || 1;
  let yMin = Math.min(0, ...all), yMax = Math.max(0, ...all);
  if (yMin === yMax) yMax = yMin + 1;
  let width = 0, cursor, at = -1;
  const X = v => left + (v - xMin) / (xMax - xMin) * (width - left - right);
  const Y = v => top + (yMax - v) / (yMax - yMin) * (height - top - bottom);

  function path(values) {
    let p = "", pen = false;
    values.forEach((v, i) => {
      if (v === null) { pen = false; return; }
      // A point between two gaps is drawn as a dot.
      p += (pen ? "L" : "M") + X(d.x[i]).toFixed(1) + " " + Y(v).toFixed(1) + (pen ? "" : "h.1");
      pen = true;
    });
    return p;
  }

  function draw() {
    width = Math.max(plot.clientWidth, 200);
    const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    for (const b of d.bands) {
      const x0 = X(Math.min(b.start, xMax)), w = X(Math.min(b.end, xMax)) - x0;
      if (b.warmup || b.shaded) svg.append(node("rect", { class: b.warmup ? "warmup" : "band", x: x0, y: top, width: Math.max(w, 0), height: height - top - bottom }));
      if (w > 7 * b.name.length) svg.append(node("text", { x: x0 + 3, y: 12 }, b.name));
    }
    for (const v of ticks(yMin, yMax, 4)) {
      svg.append(node("line", { class: "grid", x1: left, x2: width - right, y1: Y(v), y2: Y(v) }));
      svg.append(node("text", { x: left - 6, y: Y(v) + 4, "text-anchor": "end" }, short(v) + d.unit));
    }
    for (const v of d.xTicks(xMin, xMax, Math.max(2, width / 90))) {
      svg.append(node("text", { x: X(v), y: height - 6, "text-anchor": "middle" }, d.xText(v)));
    }
    d.series.forEach((s, i) => svg.append(node("path", { class: "curve", d: path(s[1]), style: `stroke: var(--c${i % 3})` })));
    cursor = node("line", { class: "cursor", y1: top, y2: height - bottom, visibility: "hidden" });
    svg.append(cursor);
    if (!all.length) svg.append(node("text", { class: "none", x: width / 2, y: height / 2, "text-anchor": "middle" }, "nothing measured"));
    plot.replaceChildren(svg);
    if (at >= 0) show(at);
  }

  function show(i) {
    if (!d.x.length) return;
    at = Math.max(0, Math.min(d.x.length - 1, i));
    cursor.setAttribute("x1", X(d.x[at]));
    cursor.setAttribute("x2", X(d.x[at]));
    cursor.setAttribute("visibility", "visible");
    out.textContent = d.xText(d.x[at]) + ": " + d.series.map(s => `${s[0]} ${short(s[1][at])}${s[1][at] === null ? "" : d.unit}`).join(", ");
  }

  function nearest(px) {
    let lo = 0, hi = d.x.length - 1;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (X(d.x[mid]) < px) lo = mid + 1; else hi = mid;
    }
    return lo > 0 && px - X(d.x[lo - 1]) < X(d.x[lo]) - px ? lo - 1 : lo;
  }

  plot.addEventListener("pointermove", e => show(nearest(e.clientX - plot.getBoundingClientRect().left)));
  figure.addEventListener("keydown", e => {
    const page = Math.max(1, Math.round(d.x.length / 20));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - page, PageDown: at + page, Home: 0, End: d.x.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    show(to);
  });
  new ResizeObserver(draw).observe(plot);
  draw();
}

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((th, column) => {
    const button = th.querySelector("button");
    if (!button) return;
    button.addEventListener("click", () => {
      const down = th.getAttribute("aria-sort") !== "descending" && th.classList.contains("figure") || th.getAttribute("aria-sort") === "ascending";
      heads.forEach(h => h.removeAttribute("aria-sort"));
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = row => row.cells[column].dataset.v;
      const order = (a, b) => th.classList.contains("figure") ? key(a) - key(b) : key(a).localeCompare(key(b));
      const body = table.tBodies[0];
      body.append(...[...body.rows].sort((a, b) => down ? order(b, a) : order(a, b)));
    });
  });
}

document.querySelectorAll("figure[data-chart]").forEach(chart);
document.querySelectorAll("table.sortable").forEach(sortable);
