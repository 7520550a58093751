//! The settings: one table, read from defaults, file, environment and arguments, the last wins.

use crate::CommandError;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
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
pub const SETTINGS: [Setting; 12] = [
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
        "data_generations",
        "5",
        "",
        "保留多少代导入的车辆数据，1 至 100；更早的在导入成功后删除",
        "How many generations of imported vehicle data are kept, 1 to 100; older ones are removed after an import",
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
        "public_url",
        "\"\"",
        "",
        "本服务对外的地址，如 https://vin.example.com，用于返回的 logo；为空则取自请求",
        "Where clients see this server, such as https://vin.example.com, for the logo of answers; when empty, the request says it",
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
];

/// The values of the settings.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// See [`SETTINGS`].
    pub listen: SocketAddr,
    /// See [`SETTINGS`].
    pub data_dir: PathBuf,
    /// See [`SETTINGS`].
    pub database: Option<String>,
    /// See [`SETTINGS`].
    pub data_generations: u16,
    /// See [`SETTINGS`].
    pub node: u16,
    /// See [`SETTINGS`].
    #[serde(skip_serializing)]
    pub secret_key: Option<String>,
    /// See [`SETTINGS`].
    pub charge_min_level: String,
    /// See [`SETTINGS`].
    pub off: String,
    /// See [`SETTINGS`].
    pub public_url: String,
    /// See [`SETTINGS`].
    pub trusted_proxies: String,
    /// See [`SETTINGS`].
    pub log_months: u32,
    /// See [`SETTINGS`].
    pub log: String,
}

/// What the arguments say about the settings; what they do not say is absent.
#[derive(Clone, Debug, Default, Serialize, clap::Args)]
pub struct SettingArgs {
    /// The data directory [default: ./var]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// The database, sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME [default: chejia.db in the data directory]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// A TOML file with settings; the environment (CHEJIA_LISTEN, …) and arguments override it
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`CommandError`] when the file is missing, or a value is none or has an unknown name.
    pub fn load(args: &SettingArgs, listen: Option<SocketAddr>) -> Result<Self, CommandError> {
        let defaults: String = SETTINGS
            .iter()
            .filter(|setting| !setting.default.is_empty())
            .map(|setting| format!("{} = {}\n", setting.name, setting.default))
            .collect();
        let mut figment = Figment::from(Toml::string(&defaults));
        if let Some(file) = &args.config {
            if !file.is_file() {
                let text = format!("no settings file {}", file.display());
                return Err(CommandError::Usage(text));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let names = SETTINGS.map(|setting| setting.name);
        figment = figment
            .merge(Env::prefixed(ENV_PREFIX).only(&names))
            .merge(Serialized::defaults(args));
        if let Some(listen) = listen {
            figment = figment.merge(Serialized::default("listen", listen));
        }
        let settings: Self = figment
            .extract()
            .map_err(|error| CommandError::Settings(Box::new(error)))?;
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn load(args: &SettingArgs) -> Result<Settings, CommandError> {
        Settings::load(args, None)
    }

    #[test]
    fn the_table_names_every_setting_and_its_default() {
        let settings = load(&SettingArgs::default()).expect("the defaults");
        let json = serde_json::to_value(&settings).expect("JSON");
        let held: BTreeSet<_> = json.as_object().expect("an object").keys().collect();
        let named: BTreeSet<_> = SETTINGS.iter().map(|s| s.name.to_owned()).collect();
        let secret = BTreeSet::from(["secret_key".to_owned()]);
        assert_eq!(
            held.into_iter().cloned().collect::<BTreeSet<_>>(),
            &named - &secret
        );
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!((settings.node, settings.log.as_str()), (100, "info"));
    }

    #[test]
    fn a_file_sets_and_an_argument_overrides() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("chejia.toml");
        std::fs::write(&file, "node = 7\ndata_dir = \"/srv\"\n").expect("written");
        let args = SettingArgs {
            data_dir: Some("/elsewhere".into()),
            config: Some(file.clone()),
            ..SettingArgs::default()
        };
        let settings = load(&args).expect("good");
        assert_eq!((settings.node, settings.data_dir), (7, "/elsewhere".into()));
        std::fs::write(&file, "nodes = 7\n").expect("written");
        let error = load(&args).err().expect("an unknown name").to_string();
        assert!(error.contains("nodes"), "{error}");
        std::fs::remove_file(&file).expect("removed");
        let error = load(&args).err().expect("no file").to_string();
        assert!(error.contains("no settings file"), "{error}");
    }
}
