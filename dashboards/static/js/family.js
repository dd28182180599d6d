// The family's page: it asks for its own part again when there is news of its elder.
import { follow, parse } from "./live.js";

const root = document.getElementById("family");
const fetchNow = () => document.body.dispatchEvent(new Event("news"));

if (root) {
  const lost = document.getElementById("lost");
  follow({
    topic: "family",
    after: root.dataset.after,
    hear: (html) => {
      const named = [...parse(html).querySelectorAll("data")].map((one) => one.value);
      if (named.includes(root.dataset.elder)) fetchNow();
    },
    resync: fetchNow,
    state: (name) => {
      if (!lost.hidden && name === "live") fetchNow();
      lost.hidden = name !== "lost";
    },
  });
}
