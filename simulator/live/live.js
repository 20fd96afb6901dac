// Reads how far each policy is moved, asks the server, and puts what it answers in place.
(function () {
  var form = document.getElementById("policies"), state = document.getElementById("state");
  var sliders = Array.from(form.querySelectorAll("input[type=range]"));
  var root = document.documentElement, asking = false, again = false, waiting = null;

  function query() {
    var found = new URLSearchParams();
    sliders.forEach(function (slider) { if (slider.value !== "0") found.set(slider.name, slider.value); });
    return found.toString();
  }

  function shares() {
    sliders.forEach(function (slider) {
      slider.parentNode.querySelector("output").textContent = slider.value + " %";
    });
  }

  // What people are told, in both languages; the page shows one.
  function tell(en, zh, wrong) {
    state.replaceChildren();
    [["en", en], ["zh-CN", zh]].forEach(function (pair) {
      var part = document.createElement("span");
      part.lang = pair[0];
      part.textContent = pair[1];
      state.appendChild(part);
    });
    state.className = wrong ? "fail" : "soft";
  }

  function put(answer) {
    // Written by the server, which escapes every text.
    sliders.forEach(function (slider) {
      slider.parentNode.querySelector("small").innerHTML = answer.settings[slider.name];
    });
    document.getElementById("cards").innerHTML = answer.cards;
    document.getElementById("boards").innerHTML = answer.boards;
    document.dispatchEvent(new CustomEvent("numbers", { detail: answer.charts }));
  }

  // One question at a time: what is moved meanwhile is asked for afterwards, and only the last of it.
  function ask() {
    if (asking) { again = true; return; }
    var asked = query(), from = performance.now();
    asking = true;
    again = false;
    waiting = setTimeout(function () { tell("Computing…", "计算中…"); }, 400);
    fetch("pathway?" + asked).then(function (response) {
      return response.json().then(function (answer) {
        if (!response.ok) throw new Error(answer.error);
        put(answer);
        var spent = Math.round(performance.now() - from);
        tell("Computed and drawn in " + spent + " ms.", "计算与绘图用时" + spent + "毫秒。");
        document.body.dataset.shown = asked;
      });
    }).catch(function (error) {
      tell("No answer: " + error.message, "无结果：" + error.message, true);
    }).then(function () {
      clearTimeout(waiting);
      asking = false;
      if (again) ask();
    });
  }

  function moved() {
    shares();
    var asked = query();
    history.replaceState(null, "", asked ? "?" + asked : location.pathname);
    document.getElementById("file").href = "your_pathway.yaml?" + asked;
    document.getElementById("table").href = "your_pathway.xlsx?" + asked;
    ask();
  }

  function all(value) {
    sliders.forEach(function (slider) { slider.value = value; });
    moved();
  }

  form.addEventListener("input", moved);
  document.getElementById("as-base").addEventListener("click", function () { all("0"); });
  document.getElementById("as-goal").addEventListener("click", function () { all("100"); });
  new URLSearchParams(location.search).forEach(function (value, name) {
    sliders.forEach(function (slider) { if (slider.name === name) slider.value = value; });
  });
  moved();
})();
