"use strict";
// The instructors' page. Everything that comes from the server is set as text, never as HTML.
(() => {
  const base = document.body.dataset.base + "jaxercise/";
  const at = (id) => document.getElementById(id);
  let counts = [];
  let wasRunning = false;

  const cookie = (name) => {
    const found = document.cookie.match(new RegExp("(?:^|; )" + name + "=([^;]*)"));
    return found ? decodeURIComponent(found[1]) : "";
  };

  async function ask(path, options = {}) {
    const response = await fetch(base + path, {
      credentials: "same-origin",
      ...options,
      headers: { "X-XSRFToken": cookie("_xsrf"), "Content-Type": "application/json" },
    });
    const text = await response.text();
    let answer = {};
    try {
      answer = JSON.parse(text);
    } catch {
      // A page of the hub, such as a login.
    }
    if (!response.ok) {
      throw new Error(answer.reason || answer.message || `the server answered ${response.status}`);
    }
    return answer;
  }

  function duration(seconds) {
    if (seconds < 90) return `${Math.max(Math.round(seconds), 1)} s`;
    const minutes = Math.round(seconds / 60);
    return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
  }

  function showCounts() {
    const one = counts.find((count) => count.name === at("assignment").value);
    if (!one) return;
    const told = [`${one.submitted} submission${one.submitted === 1 ? "" : "s"} here, ${one.new} of them not graded yet`];
    if (one.inbound) told.push(`${one.inbound} more wait in the exchange`);
    at("counts").textContent = told.join("; ") + ".";
  }

  const WORDS = {
    running: "is being graded",
    done: "is graded",
    failed: "ended with an error",
    cancelled: "was cancelled",
    interrupted: "was interrupted; grade what is new to go on",
  };

  function showBatch(batch) {
    const runs = batch !== null && batch.state === "running";
    at("new").disabled = at("again").disabled = runs;
    at("cancel").hidden = !runs;
    at("batch").hidden = batch === null;
    if (batch === null) return;
    at("title").textContent = `${batch.assignment} ${WORDS[batch.state]}`;
    const left = batch.left_s === null ? "" : `, about ${duration(batch.left_s)} left`;
    at("where").textContent = batch.total ? `${batch.done} of ${batch.total}${left}` : "";
    const bar = at("bar");
    bar.hidden = !runs && !batch.total;
    bar.max = batch.total || 1;
    if (batch.total) bar.value = batch.done;
    else bar.removeAttribute("value");
    at("doing").textContent = batch.current
      ? `${batch.current}${batch.doing ? ": " + batch.doing : ""}`
      : "";
    at("whole").href = base + "log/" + encodeURIComponent(batch.assignment);
    const log = at("log");
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    log.replaceChildren(
      ...batch.lines.map((line) => {
        const item = document.createElement("li");
        const time = document.createElement("time");
        time.textContent = new Date(line.time * 1000).toLocaleTimeString();
        item.className = line.level;
        item.append(time, line.text);
        return item;
      })
    );
    if (atEnd) log.scrollTop = log.scrollHeight;
    if (wasRunning && !runs && !at("report").hidden) showReport();
    wasRunning = runs;
  }

  async function refresh() {
    try {
      const state = await ask("api/state");
      counts = state.assignments;
      showCounts();
      showBatch(state.batch);
      if (at("problem").dataset.from === "refresh") tell("");
    } catch (error) {
      tell(`No answer: ${error.message}`, "refresh");
    }
  }

  async function keepUp() {
    await refresh();
    setTimeout(keepUp, wasRunning ? 1500 : 6000);
  }

  function tell(text, from = "") {
    at("problem").textContent = text;
    at("problem").dataset.from = from;
  }

  async function act(method, body) {
    tell("");
    try {
      await ask("api/batch", { method, body: body ? JSON.stringify(body) : undefined });
    } catch (error) {
      tell(error.message);
    }
    await refresh();
  }

  function start(again) {
    const collect = at("collect") !== null && at("collect").checked;
    act("POST", { assignment: at("assignment").value, again, collect });
  }

  function showReport() {
    const frame = at("report");
    at("making").textContent = "being made...";
    frame.hidden = false;
    frame.onload = () => (at("making").textContent = "");
    frame.src = base + "report/" + encodeURIComponent(at("assignment").value);
  }

  at("new").onclick = () => start(false);
  at("again").onclick = () => start(true);
  at("cancel").onclick = () => act("DELETE");
  at("show").onclick = showReport;
  at("assignment").onchange = () => {
    showCounts();
    if (!at("report").hidden) showReport();
  };
  keepUp();
})();
