"use strict";
// A prebuilt extension of JupyterLab, written by hand: a container of webpack's module federation
// (https://webpack.js.org/concepts/module-federation/#dynamic-remote-containers) with one module.
// JupyterLab's own modules come from the scope that `init` is given.
(() => {
  // Bars of different heights, as in the report's histogram.
  const ICON =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">' +
    '<g class="jp-icon3" fill="#616161"><path d="M4 13h3v7H4zM9 9h3v11H9zM14 4h3v16h-3zM19 11h3v9h-3z"/>' +
    '<path d="M2 21h21v1.5H2z"/></g></svg>';
  let shared = {};

  async function load(name) {
    const versions = Object.values(shared[name] || {});
    if (!versions.length) throw new Error(`JupyterLab shares no ${name}`);
    return (await versions[0].get())();
  }

  function option(name) {
    const data = document.getElementById("jupyter-config-data");
    return (data && JSON.parse(data.textContent || "{}")[name]) || "";
  }

  async function plugin() {
    const [{ ILauncher }, { ICommandPalette, MainAreaWidget, IFrame }, { LabIcon }] =
      await Promise.all([
        load("@jupyterlab/launcher"),
        load("@jupyterlab/apputils"),
        load("@jupyterlab/ui-components"),
      ]);
    const icon = new LabIcon({ name: "jaxercise:class", svgstr: ICON });
    return {
      id: "jaxercise-class:launcher",
      autoStart: true,
      optional: [ILauncher, ICommandPalette],
      activate: (app, launcher, palette) => {
        // The server sets it where it has the page: not for students.
        const address = option("jaxerciseClass");
        if (!address) return;
        const command = "jaxercise:class";
        let widget = null;
        app.commands.addCommand(command, {
          label: "Grade and report",
          icon,
          caption: "Grade a class with jaxercise, and see how it did",
          execute: () => {
            if (widget === null || widget.isDisposed) {
              const content = new IFrame({
                sandbox: [
                  "allow-same-origin",
                  "allow-scripts",
                  "allow-popups",
                  "allow-popups-to-escape-sandbox",
                ],
              });
              content.url = address;
              widget = new MainAreaWidget({ content });
              widget.id = "jaxercise-class";
              widget.title.label = "Grading";
              widget.title.icon = icon;
              widget.title.closable = true;
            }
            if (!widget.isAttached) app.shell.add(widget, "main");
            app.shell.activateById(widget.id);
          },
        });
        if (launcher) launcher.add({ command, category: "Other", rank: 0 });
        if (palette) palette.addItem({ command, category: "Grading" });
      },
    };
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["jaxercise-class"] = {
    init: async (scope) => {
      shared = scope;
    },
    get: async (module) => {
      if (module !== "./extension") throw new Error(`no module ${module}`);
      const found = await plugin();
      return () => ({ __esModule: true, default: found });
    },
  };
})();
