// Charts beside their tables: the option comes from the server as JSON, the library only when a chart comes into sight.
let library;

function load(src) {
  library ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = src;
    script.onload = () => done(window.echarts);
    script.onerror = fail;
    document.head.append(script);
  });
  return library;
}

async function draw(figure) {
  const given = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const place = figure.querySelector(".drawn");
  place.setAttribute("role", "img"); // the chart puts its description there as a label
  const echarts = await load(figure.dataset.library);
  figure.hidden = false;
  figure.style.height = `${given.height}px`;
  const chart = echarts.init(place, null, { renderer: "svg", locale: document.documentElement.lang.startsWith("zh") ? "ZH" : "EN" });
  chart.setOption({ ...given.option, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily } });
  chart.on("click", (event) => {
    const to = given.links[event.dataIndex];
    if (to) location.href = to;
  });
  new ResizeObserver(() => chart.resize()).observe(figure);
}

const seen = new IntersectionObserver((entries) => {
  for (const one of entries.filter((entry) => entry.isIntersecting)) {
    const figure = one.target.nextElementSibling ?? one.target;
    seen.unobserve(one.target);
    draw(figure);
  }
});

for (const figure of document.querySelectorAll("figure[data-chart]")) {
  const mark = document.createElement("span");
  mark.style.position = "absolute";
  figure.before(mark);
  seen.observe(mark);
}
