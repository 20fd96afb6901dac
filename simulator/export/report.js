"use strict";
// Fills the chart templates with the numbers of the page and listens to its controls.
// No request leaves the page, and no text of others becomes code: labels are set as text.
(function () {
  var root = document.documentElement;
  var held = document.getElementById("charts");
  var page = held ? JSON.parse(held.textContent) : { charts: {}, templates: {}, scenarios: [] };
  var state = { scenario: page.scenarios[0], from: page.first, to: page.last };
  var live = {};
  var picker = document.getElementById("scenario");

  function own(chart) {
    return chart.spec.series.map(function (series) {
      var values = series.values[state.scenario] || series.values[""] || [];
      return values.map(function (value) { return value === null ? NaN : value; });
    });
  }

  // Stack what is shown: parts above zero upwards, parts below zero downwards.
  function stacked(chart, values) {
    var count = page.years.length, up = new Array(count).fill(0), down = new Array(count).fill(0);
    var columns = {}, slot = 0;
    chart.slots = [];
    chart.spec.series.forEach(function (series, place) {
      if (series.kind !== "area") return;
      [1, -1].forEach(function (sign) {
        if (!series.signs.includes(sign)) return;
        var edge = sign > 0 ? up : down, low = [], high = [];
        for (var i = 0; i < count; i += 1) {
          var value = values[place][i];
          var part = chart.hidden[series.key] || isNaN(value) ? 0 : sign * Math.max(0, sign * value);
          low.push(edge[i]);
          edge[i] += part;
          high.push(edge[i]);
        }
        columns["low" + slot] = low;
        columns["high" + slot] = high;
        chart.slots.push(series);
        slot += 1;
      });
    });
    return columns;
  }

  function limits(chart, columns, values) {
    var low = 0, high = -Infinity, any = false;
    function take(list) {
      for (var i = 0; i < list.length; i += 1) {
        var year = page.years[i];
        if (year < state.from || year > state.to || isNaN(list[i])) continue;
        low = Math.min(low, list[i]);
        high = Math.max(high, list[i]);
        any = true;
      }
    }
    chart.slots.forEach(function (_, slot) { take(columns["low" + slot]); take(columns["high" + slot]); });
    chart.spec.series.forEach(function (series, place) {
      if (series.kind !== "area" && !chart.hidden[series.key]) take(values[place]);
    });
    if (!any) return [0, 1];
    var room = 0.06 * (high - low || 1);
    return [low < 0 ? low - room : low, high + room];
  }

  function label(name) {
    var place = page.scenarios.indexOf(name), zh = root.dataset.language === "zh";
    var text = picker ? picker.options[place].dataset[zh ? "zh" : "en"] : name;
    return text.length > 22 ? text.slice(0, 21) + "…" : text;
  }

  // Bars from the first scenario to the chosen one; what is taken out is one bar together.
  function drawSteps(chart) {
    var zh = root.dataset.language === "zh", place = page.years.indexOf(state.to);
    var base = page.scenarios[0], other = state.scenario === base ? page.scenarios[1] : state.scenario;
    // The last year shown that both runs have.
    while (place > 0 && chart.spec.series.some(function (series) {
      return [base, other].some(function (name) { return series.values[name][place] === null; });
    })) place -= 1;
    var rows = [], seen = {}, ends = [0, 0], left = 0, level, low = 0, high = 0;
    function add(name, from, to, colour, text) {
      while (seen[name]) name += "\u200b";
      seen[name] = true;
      rows.push({ name: name, from: from, to: to, colour: colour, text: text });
      low = Math.min(low, from, to);
      high = Math.max(high, from, to);
    }
    function write(value) { return value.toLocaleString("en", { maximumFractionDigits: 0 }).replace("-", "−"); }
    function step(name, size, colour) {
      add(name, level, level + size, colour, (size > 0 ? "+" : "") + write(size));
      level += size;
    }
    [base, other].forEach(function (name, side) {
      chart.spec.series.forEach(function (series) { ends[side] += series.values[name][place] || 0; });
    });
    add(label(base), 0, ends[0], "#7f7f7f", write(ends[0]));
    level = ends[0];
    chart.spec.series.forEach(function (series) {
      var size = (series.values[other][place] || 0) - (series.values[base][place] || 0);
      if (chart.hidden[series.key]) { left += size; return; }
      if (Math.abs(size) >= 0.5) step(zh ? series.zh : series.en, size, series.colour);
    });
    if (Math.abs(left) >= 0.5) step(zh ? "其余" : "The rest", left, "#d9d9d9");
    add(label(other), 0, ends[1], "#333333", write(ends[1]));
    var narrow = chart.figure.clientWidth < 500;
    var room = (narrow ? 0.45 : 0.1) * (high - low || 1);
    chart.find("names").factors = rows.map(function (row) { return row.name; }).reverse();
    chart.find("values").setv({ start: low < 0 ? low - 0.2 * room : 0, end: high + room });
    chart.find("source").data = {
      name: rows.map(function (row) { return row.name; }),
      left: rows.map(function (row) { return Math.min(row.from, row.to); }),
      right: rows.map(function (row) { return Math.max(row.from, row.to); }),
      colour: rows.map(function (row) { return row.colour; }),
      text: rows.map(function (row) { return row.text; }),
      at: rows.map(function (row) { return Math.max(row.from, row.to); })
    };
    chart.year = page.years[place];
    chart.find("hover").tooltips = [["", "@name"], [String(chart.year), "@text Mt"]];
    chart.rows = rows;
    chart.figure.querySelector(".ends").textContent = "· " + label(base) + " → " + label(other) + (zh ? "，" : ", ") + chart.year;
  }

  function draw(chart) {
    if (chart.spec.kind === "steps") { drawSteps(chart); return; }
    var values = own(chart), find = chart.find;
    var columns = stacked(chart, values), lines = 0;
    columns.x = page.years;
    chart.spec.series.forEach(function (series, place) {
      columns["value" + place] = values[place];
      if (series.kind === "area") return;
      var name = series.kind === "points" ? "points" : "line" + lines++;
      columns[name] = values[place];
      var shown = find(name);
      if (series.kind === "points") {
        shown.glyph.fill_color = shown.glyph.line_color = series.colour;
      } else {
        shown.glyph.line_color = series.colour;
        shown.glyph.line_dash = series.dash;
      }
      shown.visible = !chart.hidden[series.key];
    });
    var range = limits(chart, columns, values);
    columns.bottom = page.years.map(function () { return range[0]; });
    columns.top = page.years.map(function () { return range[1]; });
    var source = find("source"), length = page.years.length;
    var known = source.data instanceof Map ? Array.from(source.data.keys()) : Object.keys(source.data);
    known.forEach(function (name) {
      if (!(name in columns)) columns[name] = new Array(length).fill(NaN);
    });
    source.data = columns;
    chart.slots.forEach(function (series, slot) {
      var area = find("area" + slot);
      area.glyph.fill_color = series.colour;
      area.visible = !chart.hidden[series.key];
    });
    find("years").setv({ start: state.from, end: state.to });
    find("values").setv({ start: range[0], end: range[1] });
    speak(chart);
  }

  function speak(chart) {
    if (chart.spec.kind === "steps") { drawSteps(chart); return; }
    var zh = root.dataset.language === "zh";
    var format = "{0,0" + (chart.spec.digits ? "." + "0".repeat(chart.spec.digits) : "") + "}";
    var shown = chart.spec.series.map(function (series, place) {
      return [zh ? series.zh : series.en, "@value" + place + format, series];
    }).filter(function (row) { return !chart.hidden[row[2].key]; });
    var rows = shown.map(function (row) { return [row[0], row[1]]; });
    if (chart.spec.series.some(function (series) { return series.kind === "area"; })) rows.reverse();
    chart.find("hover").tooltips = [[zh ? "年份" : "Year", "@x{0}"]].concat(rows);
  }

  // A finger cannot hover: a tap writes the values of its year below the chart.
  function tell(figure, event) {
    var chart = live[figure.id], zh = root.dataset.language === "zh";
    if (!chart || !chart.view) return;
    if (chart.rows) {
      figure.querySelector(".said").textContent = chart.year + " · " + chart.rows.map(function (row) { return row.name + " " + row.text; }).join(" · ");
      return;
    }
    var left = figure.querySelector(".plot").getBoundingClientRect().left;
    var year = Math.round(chart.view.frame.x_scale.invert(event.clientX - left));
    var place = page.years.indexOf(year), values = own(chart);
    if (place < 0) return;
    var parts = chart.spec.series.map(function (series, row) {
      var value = values[row][place];
      if (chart.hidden[series.key] || isNaN(value)) return "";
      return (zh ? series.zh : series.en) + " " + value.toLocaleString("en", { maximumFractionDigits: chart.spec.digits });
    });
    figure.querySelector(".said").textContent = year + " · " + parts.filter(Boolean).join(" · ");
  }

  function embed(figure) {
    var id = figure.id, spec = page.charts[id];
    if (!spec || live[id]) return Promise.resolve();
    var text = JSON.stringify(page.templates[spec.kind]).replace(/"p(\d+)"/g, '"' + id + "-$1\"");
    live[id] = { spec: spec, hidden: {}, slots: [], figure: figure };
    return Bokeh.embed.embed_item(JSON.parse(text), figure.querySelector(".plot")).then(function (views) {
      var model = views.roots[0].model, names = {};
      model.document.all_models.forEach(function (item) { if (item.name) names[item.name] = item; });
      live[id].view = views.roots[0];
      live[id].find = function (name) { return names[name]; };
      (spec.stages || []).forEach(function (stage, place) {
        names["stage" + place].setv({ left: stage[0], right: stage[1], fill_color: stage[2], visible: true });
      });
      draw(live[id]);
      figure.dataset.drawn = "yes";
    });
  }

  function ready() {
    return Object.keys(live).map(function (id) { return live[id]; }).filter(function (chart) { return chart.find; });
  }

  function within(part) {
    Array.from(part.querySelectorAll("figure.chart")).reduce(function (before, figure) {
      return before.then(function () {
        return figure.closest("details:not([open])") ? null : embed(figure);
      });
    }, Promise.resolve());
  }

  function choose() {
    document.querySelectorAll("[data-scenario]").forEach(function (part) {
      part.hidden = part.dataset.scenario !== state.scenario;
    });
    document.querySelectorAll(".said").forEach(function (part) { part.textContent = ""; });
    if (!picker) return;
    var name = picker.options[picker.selectedIndex].textContent;
    document.querySelectorAll(".chosen").forEach(function (part) { part.textContent = "· " + name; });
  }

  // On a phone a row of a wide table becomes a card: every value below the head of its column.
  function cards() {
    document.querySelectorAll(".wide table:not(.cards)").forEach(function (table) {
      var heads = Array.from(table.tHead.rows[0].cells);
      if (heads.length < 4) return;
      Array.from(table.tBodies[0].rows).forEach(function (row) {
        Array.from(row.cells).forEach(function (cell, place) {
          if (!place || !cell.childNodes.length || !heads[place].childNodes.length) return;
          var head = document.createElement("small");
          head.className = "head";
          heads[place].childNodes.forEach(function (node) { head.appendChild(node.cloneNode(true)); });
          cell.insertBefore(head, cell.firstChild);
        });
      });
      table.classList.add("cards");
    });
  }

  // What is closed is not printed, and a heading with nothing below it neither.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("section").forEach(function (part) {
      var seen = Array.from(part.querySelectorAll("p,table,figure,pre,ul")).some(function (item) {
        return !item.closest("details:not([open]), [hidden]");
      });
      part.classList.toggle("bare", !seen);
    });
  });

  document.getElementById("language").addEventListener("click", function () {
    var other = root.dataset.language === "zh" ? "en" : "zh";
    root.dataset.language = other;
    root.lang = other === "zh" ? "zh-CN" : "en";
    document.querySelectorAll("[data-en]").forEach(function (part) { part.textContent = part.dataset[other]; });
    choose();
    ready().forEach(speak);
  });
  document.addEventListener("click", function (event) {
    var plot = event.target.closest(".plot");
    if (plot) tell(plot.closest("figure"), event);
    var button = event.target.closest(".key button");
    if (!button) return;
    var chart = live[button.closest("figure").id];
    if (!chart || !chart.find) return;
    var hide = !chart.hidden[button.dataset.key];
    chart.hidden[button.dataset.key] = hide;
    button.setAttribute("aria-pressed", String(!hide));
    draw(chart);
  });
  document.addEventListener("toggle", function (event) { if (event.target.open) within(event.target); }, true);
  if (picker) picker.addEventListener("change", function () {
    state.scenario = picker.value;
    choose();
    ready().forEach(draw);
  });
  ["from", "to"].forEach(function (end) {
    var input = document.getElementById(end);
    if (input) input.addEventListener("change", function () {
      var year = Math.min(page.last, Math.max(page.first, Math.round(Number(input.value)) || page[end === "from" ? "first" : "last"]));
      if (end === "from") state.from = Math.min(year, state.to - 1); else state.to = Math.max(year, state.from + 1);
      input.value = state[end];
      ready().forEach(draw);
    });
  });
  // A page with a server gets other numbers for the charts that it has.
  document.addEventListener("numbers", function (event) {
    page.charts = event.detail;
    ready().forEach(function (chart) {
      chart.spec = page.charts[chart.figure.id];
      draw(chart);
    });
    if (narrow.matches) cards();
  });
  choose();
  var narrow = window.matchMedia("(max-width: 40rem)");
  if (narrow.matches) cards();
  narrow.addEventListener("change", function (event) { if (event.matches) cards(); });
  // Names on a canvas are drawn once, so their font has to be there.
  var fonts = document.fonts ? document.fonts.load('11px "Shuangtan Han"', "中") : Promise.resolve();
  fonts.catch(function () {}).then(function () { within(document.body); });
})();
