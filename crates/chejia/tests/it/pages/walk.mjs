// Walks the whole site in a real browser: what people do, at two widths, in both themes, with the
// keyboard alone and without scripts; every page is checked for accessibility and photographed.
//
// Usage: node walk.mjs BASE OWNER_LINK CARS_CSV PICTURES. Ends with 1 and says where when something is wrong.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [base, ownerLink, carsFile, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(pictures, { recursive: true });

const PASSWORD = "correct horse battery";
const PHONE = "13812345678";
const VIN = "WP0AA2978BL012976";
const README = ["vehicle", "overview", "debug"];
const LIMIT_BYTES = 150 * 1024;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const wrong = [];
const say = (text) => { wrong.push(text); console.error(`wrong: ${text}`); };
const must = (is, text) => { if (!is) say(text); };

async function visitor({ named = false, ...options } = {}) {
  const own = named ? base.replace("127.0.0.1", "localhost") : base;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.on("request", (request) => {
    const url = request.url();
    must(url.startsWith(own) || url.startsWith("data:"), `${page.url()} asks another host: ${url}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4|5)\d\d/.test(message.text())) say(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => say(`${page.url()}: ${error}`));
  return page;
}

const photographed = new Set();
// One page, as it is: accessible, light enough, steady, and on a picture in both themes and as a phone shows it.
// What is a publisher's own, `foreign`, is neither checked nor weighed.
async function look(page, name, foreign = null) {
  if (photographed.has(name)) return;
  photographed.add(name);
  await page.evaluate(axe);
  for (const theme of ["light", "dark"]) {
    await page.evaluate((t) => { document.documentElement.dataset.theme = t; }, theme);
    const found = await page.evaluate((own) => globalThis.axe.run(own ? { exclude: [[own]] } : document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }), foreign);
    for (const violation of found.violations) {
      say(`${name} (${theme}): ${violation.id}: ${violation.help}: ${violation.nodes.map((n) => n.target).slice(0, 3).join(" ; ")}`);
    }
    await page.screenshot({ path: `${pictures}/${name}-${theme}.png`, fullPage: true });
    // What the README shows is one screen of it.
    if (README.includes(name) && theme === "light") await page.screenshot({ path: `${pictures}/readme-${name}.png` });
  }
  await page.evaluate(() => { document.documentElement.dataset.theme = "light"; });
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  must(wide <= 0, `${name}: wider than a phone by ${wide} px`);
  // A wide table scrolls within its own frame, which the keyboard reaches.
  const lost = await page.evaluate(() => [...document.querySelectorAll("table")].filter((table) => {
    const frame = table.parentElement;
    const over = table.scrollWidth > frame.clientWidth + 1;
    return over && !(frame.matches(".tablewrap") && frame.tabIndex === 0 && getComputedStyle(frame).overflowX === "auto");
  }).length);
  must(lost === 0, `${name}: ${lost} wide tables do not scroll by keyboard`);
  await page.screenshot({ path: `${pictures}/${name}-phone.png`, fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
  const bytes = await page.evaluate(() => performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
    .filter((entry) => !/\/logo\//.test(entry.name)).reduce((sum, entry) => sum + (entry.decodedBodySize || 0), 0));
  must(foreign !== null || bytes <= LIMIT_BYTES, `${name}: ${bytes} bytes`);
  const shift = await page.evaluate(() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; })
      .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 50);
  }));
  must(shift < 0.02, `${name}: the layout shifts by ${shift}`);
}

async function open(page, path, name) {
  const answer = await page.goto(base + path);
  must(answer.status() === 200, `${path}: HTTP ${answer.status()}`);
  if (name) await look(page, name);
}

// A guest.
const guest = await visitor();
await open(guest, "/", "home");
await guest.fill("#vin", "wpoaa2978bl012976");
must((await guest.textContent("[data-vin-hint]")).includes("WP0AA2978BL012976"), "the repair is not shown while typing");
await guest.click(".try button");
must((await guest.textContent("h2")).includes("保时捷"), "a guest sees no vehicle");
await look(guest, "vehicle-guest");
for (const [path, name] of [["/docs", "docs"], ["/docs/fields", "docs-fields"], ["/docs/codes", "docs-codes"], ["/docs/samples?lang=php&signed=1", "docs-samples"], ["/status", "status"], ["/terms", "terms"], ["/privacy", "privacy"], ["/reset", "reset"], [`/mail/${"0".repeat(64)}`, "mail-link"], ["/login", "login"]]) {
  await open(guest, path, name);
}
await open(guest, "/docs/api");
await guest.waitForSelector("#swagger-ui .opblock-summary-path[data-path='/api/vin/get']");
await look(guest, "docs-api", "#swagger-ui");
const operation = guest.locator(".opblock-get").filter({ has: guest.locator("[data-path='/api/vin/get']") });
await operation.locator(".opblock-summary-control").click();
await operation.locator(".try-out__btn").click();
await operation.locator("tr[data-param-name=key] input").fill("0".repeat(32));
await operation.locator("tr[data-param-name=vin] input").fill(VIN);
await operation.locator(".execute").click();
await operation.locator(".live-responses-table .response").first().waitFor();
must((await operation.locator(".live-responses-table").textContent()).includes("401"), "Swagger UI does not ask the interface");
const nowhere = await guest.goto(`${base}/nowhere`);
must(nowhere.status() === 404 && (await guest.textContent("h1")).includes("没有这个页面"), "no page for what is not there");
const missing = await guest.goto(`${base}/shared/${"0".repeat(64)}`);
must(missing.status() === 404, "a shared link that is none");
await look(guest, "not-found");

// The first owner.
const owner = await visitor();
await open(owner, new URL(ownerLink).pathname, "join");
await owner.fill("#name", "ada");
await owner.fill("#password", PASSWORD);
await owner.fill("#again", PASSWORD);
await owner.click("main button");
must(owner.url() === `${base}/admin`, "the owner is not in");

// A customer registers, by keyboard alone.
const customer = await visitor();
await open(customer, "/register", "register");
await customer.waitForFunction(() => !document.querySelector("[data-work] button").disabled, null, { timeout: 60000 });
await customer.focus("#phone");
await customer.keyboard.type(PHONE);
await customer.keyboard.press("Tab");
await customer.keyboard.type(PASSWORD);
await customer.keyboard.press("Tab");
await customer.keyboard.type(PASSWORD);
await Promise.all([customer.waitForURL("**/login*"), customer.keyboard.press("Enter")]);
await customer.fill("#name", PHONE);
await customer.fill("#password", PASSWORD);
await Promise.all([customer.waitForURL("**/overview"), customer.keyboard.press("Enter")]);
await look(customer, "overview-new");
await open(customer, "/keys", "keys-none");
await open(customer, "/log", "log-none");
await open(customer, "/usage", "usage-none");

// The customer hands in a company, which is rejected, then a person, who is approved.
await open(customer, "/verification?kind=company", "verification-company");
await customer.fill("#n-name", "某某科技有限公司");
await customer.fill("#n-number", "91350100M000100Y43");
const licence = await customer.screenshot({ clip: { x: 0, y: 0, width: 240, height: 120 } });
await customer.setInputFiles("#n-file", { name: "licence.png", mimeType: "image/png", buffer: licence });
await customer.click("form[action='/verification'] button");
must((await customer.textContent("[role=status]")).includes("已提交"), "no company is handed in");
await look(customer, "verification-waits");
await open(owner, "/admin/verification", "admin-verification");
await owner.click("tbody a");
await look(owner, "admin-submission");
must(!(await owner.textContent("main")).includes("91350100M000100Y43"), "a code is shown before anybody asked for it");
await owner.fill("#l-reason", "review");
await owner.click("form[action$=look] button");
must((await owner.textContent("main")).includes("91350100M000100Y43"), "the code is not shown");
must(await owner.locator("img.licence").evaluate((image) => image.naturalWidth) === 240, "the licence is not shown");
await look(owner, "admin-submission-shown");
await owner.click("details:has(#d-reason) summary");
await owner.fill("#d-reason", "图片不完整");
await owner.click("button[value=no]");
await open(customer, "/verification", "verification-rejected");
must((await customer.textContent("tbody")).includes("图片不完整"), "the customer is not told why");
await customer.fill("#n-name", "张三丰");
await customer.fill("#n-number", "11010519491231002X");
await customer.click("form[action='/verification'] button");
await open(owner, "/admin/verification");
await owner.click("tbody a");
await owner.click("button[value=yes]");
must((await owner.textContent("[role=status]")).includes("已通过"), "nobody is approved");
await open(customer, "/verification", "verification-done");
must((await customer.textContent("h1")).includes("已认证"), "the customer is not verified");

// The owner prices and grants.
await open(owner, "/admin/accounts", "admin-accounts");
await owner.click("tbody a");
await look(owner, "admin-account");
await owner.click("details:has(#g-calls) summary");
await owner.fill("#g-calls", "1000");
await owner.fill("#g-reason", "transfer 42");
await owner.click("form[action$=grant] button");
must((await owner.textContent("[role=status]")).includes("已发放"), "nothing was granted");
await open(owner, "/admin/products", "admin-products");
await owner.fill("tbody tr:nth-child(3) input[name=price]", "99.00");
await owner.click("tbody tr:nth-child(3) button");

// Calls are bought by transfer, and redeemed.
await open(owner, "/admin/site");
await owner.fill("textarea[name=bank_account]", "某某科技有限公司 招商银行 6222 0000 0000");
await owner.click("main form button");
await open(customer, "/buy", "buy");
await customer.click("form[action='/buy'] button");
await look(customer, "purchase");
const bought = (await customer.textContent("h1 code")).trim();
await open(owner, `/admin/purchases/${bought}`);
await owner.fill("#c-ref", "B1");
await owner.fill("#c-amount", "99.00");
await owner.click("form[action$=confirm] button");
await look(owner, "admin-purchase");
await open(owner, "/admin/purchases", "admin-purchases");
await open(customer, `/purchases/${bought}`, "purchase-granted");
must((await customer.textContent("#v-left")).trim() === "2,000", "the bought calls are not there");
await open(customer, "/purchases", "purchases");
await open(customer, `/purchases/${bought}/receipt`, "receipt");
must((await customer.textContent("main")).includes("¥99.00"), "the receipt tells no price");

// An invoice is asked for, and issued; finance sees the money.
await open(customer, "/invoices", "invoices-none");
await customer.fill("#i-title", "某某汽车服务有限公司");
await customer.fill("#i-tax", "91350100M000100Y43");
await customer.fill("#i-mail", "finance@example.com");
await customer.click("form[action='/invoices'] button");
await look(customer, "invoices");
await open(owner, "/admin/invoices?state=requested", "admin-invoices");
await owner.click("tbody details summary");
await owner.fill("tbody [name=number]", "25312000000012345678");
await owner.click("form[action$=issue] button");
must((await owner.textContent("tbody")).includes("25312000000012345678"), "the invoice is not issued");
await open(owner, "/admin/finance", "admin-finance");
must((await owner.textContent("main")).includes(bought), "finance does not see the payment");
const [report] = await Promise.all([owner.waitForEvent("download"), owner.click("a[href*='/finance/file/receipts/csv']")]);
must(readFileSync(await report.path(), "utf8").includes(`"${bought}"`), "the report has no payment");
await open(owner, "/admin/codes", "admin-codes");
await owner.fill("#n-name", "fair");
await owner.fill("#n-count", "2");
await owner.fill("#n-calls", "50");
const [codes] = await Promise.all([owner.waitForEvent("download"), owner.click("form[action='/admin/codes'] button")]);
const code = readFileSync(await codes.path(), "utf8").split("\r\n")[1].split(",")[0];
await owner.fill("#u-code", "AUTUMN");
await owner.fill("#u-off", "10");
await owner.fill("#u-uses", "5");
await owner.click("form[action='/admin/coupons'] button");
await look(owner, "admin-codes-made");
await open(customer, "/redeem", "redeem");
await customer.fill("#r-code", code);
await customer.click("form[action='/redeem'] button");
must((await customer.textContent("[role=status]")).includes("已发放"), "the code is not redeemed");

// Rules of alerts hold at once; what is told is on the page, on the overview and at the navigation.
await open(customer, "/alerts", "alerts-none");
await customer.fill("#a-balance", "1000000");
await customer.click("form[action='/alerts'] button");
must((await customer.textContent("tbody")).includes("少于 1,000,000 次"), "no alert is raised");
await look(customer, "alerts");
await open(customer, "/overview", "overview-alert");
must((await customer.textContent("main .warn")).includes("少于 1,000,000 次"), "the overview tells of no alert");
await open(customer, "/alerts");
await customer.click("form[action='/alerts/seen'] button");
must(await customer.locator("nav .tag").count() === 0, "what was seen is counted still");
await customer.fill("#a-balance", "100");
await customer.click("form[action='/alerts'] button");
must((await customer.textContent("tbody")).includes("已解除"), "the alert does not end");
await look(customer, "alerts-past");

// Where the customer is told: ways, a webhook with its secret, a test that the log tells of.
await customer.uncheck("input[name='errors.webhook']");
await customer.click("form[action='/alerts/ways'] button");
must(!(await customer.isChecked("input[name='errors.webhook']")), "the way is not kept");
await customer.fill("#c-url", "http://shop.example/hook");
await customer.click("form[action='/alerts/webhook'] button");
must((await customer.textContent("[role=alert]")).includes("https://"), "a webhook in the clear is taken");
await customer.fill("#c-url", "https://127.0.0.1:9/hook");
await customer.click("form[action='/alerts/webhook'] button");
await customer.click("form[action='/alerts/webhook/test'] button");
must((await customer.textContent("[role=status]")).includes("未送达"), "a private address was posted to");
await customer.click(".row > form[action='/alerts/webhook/secret'] button");
must(/^[0-9a-f]{64}$/.test((await customer.textContent("#v-hook")).trim()), "no secret is shown");
await look(customer, "alerts-webhook");
must((await customer.textContent("main")).includes("已放弃"), "the log does not tell of the test");

// The customer makes a key, tries it, looks the log up.
await open(customer, "/keys");
await customer.fill("#k-name", "shop");
await customer.check("input[name=signature]");
await customer.click("form[action='/keys'] button");
await look(customer, "key-made");
const key = await customer.textContent("#v-key");
must(/^[0-9a-f]{32}$/.test(key), "no key is shown");
await open(customer, "/debug", "debug-form");
await customer.fill("#b-vin", VIN);
await customer.click("form[action='/debug'] button");
must((await customer.textContent("#b-answer")).includes("保时捷"), "the debug tool has no answer");
await look(customer, "debug");
await open(customer, "/vehicle");
await customer.fill("#vin", `${VIN}\nLSVNV2182E2100001\n1HGCM82633A00435`);
await customer.click(".try button");
must(await customer.locator(".card").count() === 2, "two vehicles of three lines");
await look(customer, "vehicle");
await open(customer, "/overview", "overview");
await open(customer, "/usage", "usage");
await open(customer, "/log", "log");
const [download] = await Promise.all([customer.waitForEvent("download"), customer.click("a[href*='/log/file/xlsx']")]);
must(download.suggestedFilename().endsWith(".xlsx"), "no XLSX");
await customer.click("tbody a");
await look(customer, "order");
const order = (await customer.textContent("h1 code")).trim();
await open(customer, "/packages", "packages");
await open(customer, "/docs/samples?lang=python&signed=1");
must((await customer.textContent("#d-text")).includes(key), "the sample has not the own key");
await open(customer, "/tickets", "tickets-none");
await customer.fill("#t-subject", "发票");
await customer.fill("#t-body", "请开发票。");
await customer.click("form[action='/tickets'] button");
await look(customer, "ticket");
await open(customer, "/security", "security");
await open(customer, "/security/totp", "totp");
await open(customer, "/confirm", "confirm");

// The samples for browsers, as they are shown, with and without a signature: this key demands one.
const jquery = readFileSync(createRequire(import.meta.url).resolve("jquery/dist/jquery.min.js"), "utf8");
for (const [signed, wanted] of [["1", "200"], ["", "402"]]) {
  await open(customer, `/docs/samples?lang=jquery&signed=${signed}`);
  const sample = await customer.textContent("#d-text");
  const bare = await visitor();
  await bare.goto(`${base}/healthz`);
  await bare.evaluate((code) => { document.body.innerHTML = '<p id="answer"></p>'; (0, eval)(code); }, jquery);
  await bare.evaluate((code) => { (0, eval)(code); }, sample);
  await bare.waitForFunction(() => document.getElementById("answer").textContent !== "");
  const answer = await bare.textContent("#answer");
  must(answer.startsWith(wanted), `the sample for browsers (${signed}) shows ${answer}`);
}

// The operator's pages.
for (const [path, name] of [["/admin", "admin"], ["/admin/channels", "admin-channels"], ["/admin/alerts", "admin-alerts"], ["/admin/tickets", "admin-tickets"], ["/admin/notices", "admin-notices"], ["/admin/ledger", "admin-ledger"], ["/admin/reconcile", "admin-reconcile"], ["/admin/nodes", "admin-nodes"], ["/admin/site", "admin-site"], ["/admin/operators", "admin-operators"], ["/admin/audit", "admin-audit"], [`/admin/orders?order=${order}`, "admin-order"], ["/security", "security-operator"]]) {
  await open(owner, path, name);
}
await open(owner, "/admin/ledger");
await owner.click("main form button");
await owner.waitForSelector("#work .good");
must((await owner.textContent("#work")).includes("账目一致"), "the ledger does not agree");
await look(owner, "admin-ledger-checked");

// The log of all, searched.
await open(owner, `/admin/log?vin=${VIN}&sort=-time`, "admin-log");
must(await owner.locator("tbody tr").count() === 2, "the log of all does not find two calls");
await open(owner, "/admin/log?code=404", "admin-log-none");

// The owner takes calls back by an entry with a reason.
await open(owner, "/admin/accounts/1");
await owner.click("details:has([name=delta]) summary");
await owner.fill("[name=delta]", "-10");
await owner.fill("form[action$=adjust] [name=reason]", "goodwill");
await owner.click("form[action$=adjust] button");
must((await owner.textContent("main")).includes("goodwill"), "nothing was adjusted");

// Data are imported while the page tells how far it is; then the earlier data come back.
await open(owner, "/admin/data", "admin-data");
await owner.setInputFiles("#d-file", { name: "cars.csv", mimeType: "text/csv", buffer: readFileSync(carsFile) });
await owner.click("form[action$=import] button");
await owner.waitForSelector("#work", { timeout: 10000 });
await look(owner, "admin-data-importing");
await owner.waitForSelector("#work .good, #work .bad", { timeout: 180000 });
must(await owner.locator("#work .good").count() === 1, `the import failed: ${await owner.textContent("#work")}`);
await open(owner, "/admin/data", "admin-data-imported");
must((await owner.textContent("main")).includes("cars.csv"), "the import is not listed");
await owner.click("details:has(#d-to) summary");
await owner.selectOption("#d-to", "0");
await owner.click("form[action$=back] button");
must((await owner.textContent("[role=status]")).includes("已切换"), "the earlier data do not come back");

// A backup is made and taken away.
await open(owner, "/admin/backups", "admin-backups-none");
await owner.click("form[action='/admin/backups'] button");
await owner.waitForSelector("tbody form");
await look(owner, "admin-backups");
const [backup] = await Promise.all([owner.waitForEvent("download"), owner.click("tbody form button")]);
must(readFileSync(await backup.path(), "utf8").startsWith('["chejia backup 1"'), "no backup is downloaded");

// A channel is tested for money, and disabled.
await open(owner, "/admin/channels");
await owner.click("details:has(input[name=vin]) summary");
await owner.fill("details[open] input[name=vin]", VIN);
await owner.check("details[open] input[name=paid]");
await owner.click("details[open] form button");
must((await owner.textContent("main [role=status]")).includes("测试结果"), "the channel was not tested");
await look(owner, "admin-channels-tested");
await owner.click("details:has(select[name=state]) summary");
await owner.selectOption("details[open] select[name=state]", "disabled");
await owner.fill("details[open] input[name=reason]", "too dear");
await owner.click("details[open] form button");
must((await owner.textContent("[role=status]")).includes("已保存"), "the channel was not disabled");
// Every node follows within five seconds.
let said = "";
for (let tries = 0; tries < 60 && !said.includes("停用"); tries += 1) {
  await owner.waitForTimeout(100);
  await owner.goto(`${base}/admin/channels`);
  said = await owner.textContent("tbody");
}
must(said.includes("停用"), "the channel is not disabled");

// A passkey, made and used with a device of software. Passkeys belong to a name, not to a number.
const named = base.replace("127.0.0.1", "localhost");
const device = await visitor({ named: true });
const cdp = await device.context().newCDPSession(device);
await cdp.send("WebAuthn.enable");
await cdp.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
await device.goto(`${named}/login`);
await device.fill("#name", PHONE);
await device.fill("#password", PASSWORD);
await Promise.all([device.waitForURL("**/overview"), device.click("main button")]);
await device.goto(`${named}/security/passkeys`);
await look(device, "passkey");
await device.fill("#p-name", "phone");
await device.click("[data-passkey] button");
await device.waitForSelector(".codes");
await device.goto(`${named}/security`);
must((await device.textContent("main")).includes("phone"), "the passkey is not listed");
await look(device, "security-passkey");
await device.click("form[action='/logout'] button");
await device.goto(`${named}/login`);
await Promise.all([device.waitForURL("**/overview"), device.click("[data-passkey] button")]);
await device.click("form[action='/logout'] button");
await device.goto(`${named}/login`);
await device.fill("#name", PHONE);
await device.fill("#password", PASSWORD);
await device.click("main form:first-of-type button");
await device.waitForSelector("#code");
await look(device, "factor");
await Promise.all([device.waitForURL("**/overview"), device.click("[data-passkey] button")]);
await device.goto(`${named}/security`);
await device.click("details:has(form[action^='/security/passkeys/']) summary");
await device.click("form[action^='/security/passkeys/'] button");
must((await device.textContent("[role=status]")).includes("已保存"), "the passkey is not removed");

// Suspended, the customer is out within a request.
await open(owner, "/admin/accounts/1");
await owner.click("details:has(#s-reason) summary");
await owner.fill("#s-reason", "test");
await owner.click("button[value=suspended]");
await customer.goto(`${base}/overview`);
must(customer.url().includes("/login"), "a suspended customer is still in");
await owner.click("details:has(#s-reason) summary");
await owner.fill("#s-reason", "test");
await owner.click("button[value=active]");

// Without scripts: look up, sign in, make a key.
const plain = await visitor({ javaScriptEnabled: false });
await plain.goto(`${base}/login`);
await plain.fill("#name", PHONE);
await plain.fill("#password", PASSWORD);
await plain.click("main button");
must(plain.url() === `${base}/overview`, "signing in needs scripts");
await plain.goto(`${base}/vehicle`);
await plain.fill("#vin", VIN);
await plain.click(".try button");
must((await plain.content()).includes("保时捷"), "looking up needs scripts");
await plain.goto(`${base}/keys`);
await plain.fill("#k-name", "plain");
await plain.click("form[action='/keys'] button");
must(/^[0-9a-f]{32}$/.test((await plain.textContent("#v-key")).trim()), "making a key needs scripts");

await plain.goto(`${base}/verification`);
await plain.click("details summary");
await plain.click("form[action='/verification/erase'] button");
must((await plain.textContent("main")).includes("已删除"), "erasing needs scripts");

await browser.close();
console.log(`${photographed.size} pages, ${wrong.length} wrong`);
process.exit(wrong.length === 0 ? 0 : 1);
