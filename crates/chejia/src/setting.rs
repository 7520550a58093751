//! The table of settings: their names, defaults and what they are for. Their values are read elsewhere.

use vin_core::Bilingual;

/// The prefix of a setting's name in the environment, in capitals: `CHEJIA_LISTEN`.
pub const ENV_PREFIX: &str = "CHEJIA_";

/// A row of the table of settings.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in the file; in the environment in capitals after [`ENV_PREFIX`].
    pub name: &'static str,
    /// Its default, as it would stand in the file; empty for none.
    pub default: &'static str,
    /// The argument that sets it, or empty.
    pub argument: &'static str,
    /// What it is for.
    pub text: Bilingual,
}

const fn row(
    name: &'static str,
    default: &'static str,
    argument: &'static str,
    zh: &'static str,
    en: &'static str,
) -> Setting {
    let text = Bilingual { zh, en };
    Setting {
        name,
        default,
        argument,
        text,
    }
}

/// Every setting.
pub const SETTINGS: [Setting; 44] = [
    row(
        "listen",
        "\"127.0.0.1:8080\"",
        "--listen",
        "监听地址与端口",
        "The address and port to listen on",
    ),
    row(
        "data_dir",
        "\"./var\"",
        "--data-dir",
        "数据目录：默认数据库、主密钥文件 secret.key 与导入的车辆数据 packs 所在",
        "The data directory: the default database, the master key file secret.key and imported vehicle data (packs) lie in it",
    ),
    row(
        "database",
        "",
        "--database",
        "数据库地址，sqlite:/var/lib/chejia/chejia.db 或 postgres://用户:密码@主机/库名；默认为数据目录中的 chejia.db",
        "The database, sqlite:/var/lib/chejia/chejia.db or postgres://USER:PASSWORD@HOST/NAME; by default chejia.db in the data directory",
    ),
    row(
        "redis",
        "",
        "--redis",
        "多个节点共享限流、签名随机数与密钥变更通知的 Redis 或 Valkey，redis://用户:密码@主机:端口，TLS 用 rediss://；默认不用",
        "The Redis or Valkey through which nodes share limits, nonces and news of keys, redis://USER:PASSWORD@HOST:PORT, rediss:// for TLS; by default none",
    ),
    row(
        "redis_timeout_ms",
        "100",
        "",
        "一次请求最多等待 Redis 多少毫秒，1 至 10000；超过即由各节点单独限流",
        "How long a request waits for Redis, in milliseconds, 1 to 10000; after that each node limits by itself",
    ),
    row(
        "metrics_listen",
        "",
        "",
        "监控指标 /metrics 的监听地址与端口，如 127.0.0.1:9090；默认不提供。不要向公众开放",
        "The address and port of the metrics, /metrics, such as 127.0.0.1:9090; by default none. Not for the public",
    ),
    row(
        "data_generations",
        "5",
        "",
        "保留多少代导入的车辆数据，1 至 100；更早的在导入成功后删除",
        "How many generations of imported vehicle data are kept, 1 to 100; older ones are removed after an import",
    ),
    row(
        "channels",
        "",
        "",
        "上游通道文件（*.toml）所在的目录，密钥在其旁的 secrets.toml 中；默认为数据目录中的 channels",
        "The directory with the files of channels (*.toml), beside which secrets.toml lies; by default channels in the data directory",
    ),
    row(
        "route",
        "\"first_hit\"",
        "",
        "本地数据不足时如何询问通道：first_hit 首个有效结果，fusion 逐个补全，local_only 不询问；可按接口，如 first_hit /api/vin/get=fusion",
        "How channels are asked when the data at hand are not enough: first_hit, fusion or local_only, also by interface, such as first_hit /api/vin/get=fusion",
    ),
    row(
        "fusion_fields",
        "\"name price machineoil.volume\"",
        "",
        "fusion 时，这些字段仍空就继续询问下一个通道，以空格分隔；可按接口，如 name price /api/vin/get=price,machineoil.volume",
        "The fields for whose sake fusion asks the next channel, separated by blanks, also by interface, such as name price /api/vin/get=price,machineoil.volume",
    ),
    row(
        "learn_audit",
        "50",
        "",
        "积累的规则能够回答的查询，每多少次仍向教会它的通道询问一次以作核对，0 为从不，至多 1000000；调用者不多付",
        "Of so many questions that a learned rule could answer, one is put to the channel that taught it all the same, to check the rule; 0 for none, at most 1000000; callers pay nothing more",
    ),
    row(
        "node",
        "100",
        "",
        "订单号的前三位，0 至 999；使用不同数据库的节点须各不相同",
        "The first three digits of order numbers, 0 to 999; nodes with different databases need different ones",
    ),
    row(
        "secret_key",
        "",
        "",
        "主密钥，64 位十六进制；设置后不读取 secret.key",
        "The master key, 64 hexadecimal digits; when set, secret.key is not read",
    ),
    row(
        "charge_min_level",
        "\"type\"",
        "",
        "从哪个精度起计费：brand、type、group、car；更粗的结果免费",
        "The precision from which on an answer is charged: brand, type, group or car; vaguer ones are free",
    ),
    row(
        "off",
        "\"\"",
        "",
        "停用的接口路径，以空格分隔，如 /api/vin/get",
        "The paths of interfaces that are switched off, separated by blanks, such as /api/vin/get",
    ),
    row(
        "guest_daily",
        "3",
        "",
        "访客在网页上每个地址每日可免费查询的车辆数，0 至 1000；0 为不开放",
        "How many vehicles guests may look up on the web page, a day and address, 0 to 1000; 0 for none",
    ),
    row(
        "trial_calls",
        "0",
        "",
        "实名账户可免费领取一次的次数，0 至 1000000；0 为不提供",
        "How many calls an account with a verified name can have once for nothing, 0 to 1000000; 0 for none",
    ),
    row(
        "trial_days",
        "30",
        "",
        "免费领取的次数有效多少天，0 至 36500；0 为长期",
        "For how many days these can be used, 0 to 36500; 0 for ever",
    ),
    row(
        "verification_channel",
        "",
        "",
        "实名认证通道的文件（TOML），用来自动核对姓名与号码；默认没有，由操作员审核。密钥与通道的在同一处",
        "The file (TOML) of the channel that says whether names and numbers belong together; by default none, and operators decide. Its secrets stand where those of channels do",
    ),
    row(
        "alipay_app_id",
        "\"\"",
        "",
        "支付宝应用的 app_id；与其余支付宝设置齐备后即可用支付宝购买",
        "The app_id of the application at Alipay; once all of these are set, calls can be bought with Alipay",
    ),
    row(
        "alipay_seller_id",
        "\"\"",
        "",
        "支付宝商家号（2088 开头的 16 位）",
        "The seller's number at Alipay, 16 digits that begin with 2088",
    ),
    row(
        "alipay_key_file",
        "",
        "",
        "应用私钥文件（RSA2，PKCS#8 或 PKCS#1，PEM 或 base64）",
        "The file with the application's private key (RSA2, PKCS#8 or PKCS#1, PEM or base64)",
    ),
    row(
        "alipay_public_key_file",
        "",
        "",
        "支付宝公钥文件（不是应用公钥）",
        "The file with Alipay's public key, which is not the application's",
    ),
    row(
        "alipay_gateway",
        "\"https://openapi.alipay.com/gateway.do\"",
        "",
        "支付宝网关",
        "Where Alipay is",
    ),
    row(
        "wechat_app_id",
        "\"\"",
        "",
        "与微信商户号绑定的 appid；与其余微信支付设置齐备后即可用微信购买",
        "The appid that belongs to the seller at WeChat; once all of these are set, calls can be bought with WeChat",
    ),
    row(
        "wechat_mch_id",
        "\"\"",
        "",
        "微信支付商户号",
        "The seller's number at WeChat Pay",
    ),
    row(
        "wechat_serial",
        "\"\"",
        "",
        "商户 API 证书序列号",
        "The serial number of the seller's API certificate",
    ),
    row(
        "wechat_key_file",
        "",
        "",
        "商户 API 私钥文件（apiclient_key.pem）",
        "The file with the seller's private key, apiclient_key.pem",
    ),
    row(
        "wechat_api_key_file",
        "",
        "",
        "APIv3 密钥文件（32 个字节）",
        "The file with the API v3 key, 32 bytes",
    ),
    row(
        "wechat_public_key_id",
        "\"\"",
        "",
        "微信支付公钥 ID（PUB_KEY_ID_ 开头）；使用平台证书时留空",
        "The id of WeChat Pay's public key, PUB_KEY_ID_…; empty with a platform certificate",
    ),
    row(
        "wechat_public_key_file",
        "",
        "",
        "微信支付公钥文件，或平台证书文件",
        "The file with WeChat Pay's public key, or with its platform certificate",
    ),
    row(
        "wechat_gateway",
        "\"https://api.mch.weixin.qq.com\"",
        "",
        "微信支付网关",
        "Where WeChat Pay is",
    ),
    row(
        "smtp_url",
        "",
        "",
        "发送邮件的服务器，smtps://用户:密码@主机 或 smtp://用户:密码@主机?tls=required；默认不发送邮件",
        "The server that mail is sent by, smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST?tls=required; by default no mail is sent",
    ),
    row(
        "mail_from",
        "\"\"",
        "",
        "发件人，如 车架 <no-reply@example.com>",
        "The sender of mail, such as VIN <no-reply@example.com>",
    ),
    row(
        "operator_mail",
        "\"\"",
        "",
        "接收运维告警的邮箱；为空则不发送",
        "The address of mail where operators are told of alerts; empty for none",
    ),
    row(
        "operator_webhook",
        "\"\"",
        "",
        "接收运维告警的 URL；为空则不发送",
        "The URL where operators are told of alerts; empty for none",
    ),
    row(
        "operator_webhook_secret",
        "",
        "",
        "运维告警的签名密钥，至少 16 个字符",
        "What the alerts of operators are signed with, at least 16 characters",
    ),
    row(
        "webhook_networks",
        "\"\"",
        "",
        "公网之外 webhook 可以通向的网段，以空格分隔；其中的地址可以用 http://",
        "The networks beside the public internet that webhooks may lead to, separated by blanks; their addresses may be http://",
    ),
    row(
        "channel_down_minutes",
        "5",
        "",
        "通道断开多少分钟后告知操作员，1 至 1440",
        "After how many minutes operators are told of a channel that does not work, 1 to 1440",
    ),
    row(
        "public_url",
        "\"\"",
        "",
        "本服务对外的地址，如 https://vin.example.com，用于返回的 logo 与邮件中的链接；为空则取自请求",
        "Where clients see this server, such as https://vin.example.com, for the logo of answers and links in mail; when empty, the request says it",
    ),
    row(
        "trusted_proxies",
        "\"\"",
        "",
        "可信反向代理的网段，以空格分隔；仅采信它们写入的 X-Forwarded-For、-Host 与 -Proto",
        "The networks of reverse proxies whose X-Forwarded-For, -Host and -Proto are believed, separated by blanks",
    ),
    row(
        "log_months",
        "13",
        "",
        "除当月外保留多少个月的调用日志，1 至 1200；更早的按套餐汇总后删除",
        "For how many months beside the current one calls are logged, 1 to 1200; older ones are summed up and dropped",
    ),
    row(
        "log",
        "\"info\"",
        "",
        "日志级别：error、warn、info、debug、trace，或按模块的过滤规则",
        "The log level: error, warn, info, debug, trace, or filter rules by module",
    ),
    row(
        "log_format",
        "\"text\"",
        "",
        "日志格式：text，或 json（每行一个对象，便于收集）",
        "The form of the log: text, or json, one object a line for collectors",
    ),
];
