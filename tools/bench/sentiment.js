// sentiment.js: npm `sentiment` over the same texts. usage: node sentiment.js TEXTS
const fs = require("fs");
const Sentiment = require("sentiment");
const texts = fs.readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean);
const s = new Sentiment();
let best = Infinity, sum = 0;
for (let round = 0; round < 3; round++) {
  const from = process.cpuUsage();
  for (const t of texts) sum += s.analyze(t).score;
  const used = process.cpuUsage(from);
  best = Math.min(best, (used.user + used.system) / 1e6);
}
console.log(`peer.npm_sentiment\t${(texts.length / best / 1e6).toPrecision(4)}\tMposts/s`);
