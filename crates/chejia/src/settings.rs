//! The settings: one table, read from defaults, file, environment and arguments, the last wins.

use crate::CommandError;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

pub use crate::setting::{ENV_PREFIX, SETTINGS, Setting};

/// The values of the settings.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// See [`SETTINGS`].
    pub listen: SocketAddr,
    /// See [`SETTINGS`].
    pub data_dir: PathBuf,
    /// See [`SETTINGS`].
    pub database: Option<Address>,
    /// See [`SETTINGS`].
    pub redis: Option<Address>,
    /// See [`SETTINGS`].
    pub redis_timeout_ms: u16,
    /// See [`SETTINGS`].
    pub metrics_listen: Option<SocketAddr>,
    /// See [`SETTINGS`].
    pub data_generations: u16,
    /// See [`SETTINGS`].
    pub channels: Option<PathBuf>,
    /// See [`SETTINGS`].
    pub route: String,
    /// See [`SETTINGS`].
    pub fusion_fields: String,
    /// See [`SETTINGS`].
    pub learn_audit: u32,
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
    pub smtp_url: Option<Address>,
    /// See [`SETTINGS`].
    pub mail_from: String,
    /// See [`SETTINGS`].
    pub operator_mail: String,
    /// See [`SETTINGS`].
    pub operator_webhook: String,
    /// See [`SETTINGS`].
    #[serde(skip_serializing)]
    pub operator_webhook_secret: Option<String>,
    /// See [`SETTINGS`].
    pub webhook_networks: String,
    /// See [`SETTINGS`].
    pub channel_down_minutes: u32,
    /// See [`SETTINGS`].
    pub public_url: String,
    /// See [`SETTINGS`].
    pub trusted_proxies: String,
    /// See [`SETTINGS`].
    pub log_months: u32,
    /// How many vehicles a guest may look up in a day.
    pub guest_daily: u32,
    /// See [`SETTINGS`].
    pub trial_calls: u32,
    /// See [`SETTINGS`].
    pub trial_days: u32,
    /// See [`SETTINGS`].
    pub verification_channel: Option<PathBuf>,
    /// See [`SETTINGS`].
    pub alipay_app_id: String,
    /// See [`SETTINGS`].
    pub alipay_seller_id: String,
    /// See [`SETTINGS`].
    pub alipay_key_file: Option<PathBuf>,
    /// See [`SETTINGS`].
    pub alipay_public_key_file: Option<PathBuf>,
    /// See [`SETTINGS`].
    pub alipay_gateway: String,
    /// See [`SETTINGS`].
    pub wechat_app_id: String,
    /// See [`SETTINGS`].
    pub wechat_mch_id: String,
    /// See [`SETTINGS`].
    pub wechat_serial: String,
    /// See [`SETTINGS`].
    pub wechat_key_file: Option<PathBuf>,
    /// See [`SETTINGS`].
    pub wechat_api_key_file: Option<PathBuf>,
    /// See [`SETTINGS`].
    pub wechat_public_key_id: String,
    /// See [`SETTINGS`].
    pub wechat_public_key_file: Option<PathBuf>,
    /// See [`SETTINGS`].
    pub wechat_gateway: String,
    /// See [`SETTINGS`].
    pub log: String,
    /// See [`SETTINGS`].
    pub log_format: String,
}

/// The address of a server, which may hold a password: it does not print itself.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// The address, with its password.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
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
    pub database: Option<Address>,
    /// The Redis that nodes share limits through, redis://USER:PASSWORD@HOST:PORT [default: none]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redis: Option<Address>,
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
        let env = Env::prefixed(ENV_PREFIX).only(&names);
        figment = figment.merge(env.clone());
        // Of a number such as 0190 or 1E5 that is a name, every character counts.
        let is_name = |name: &str| {
            let mut known = SETTINGS.iter();
            known.any(|s| s.default == "\"\"" && s.name.eq_ignore_ascii_case(name))
        };
        for (name, value) in env.iter().filter(|(name, _)| is_name(name.as_str())) {
            let name = name.as_str().to_ascii_lowercase();
            figment = figment.merge(Serialized::default(&name, value));
        }
        figment = figment.merge(Serialized::defaults(args));
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
        let secret = ["operator_webhook_secret", "secret_key"].map(str::to_owned);
        let secret = BTreeSet::from(secret);
        assert_eq!(
            held.into_iter().cloned().collect::<BTreeSet<_>>(),
            &named - &secret
        );
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!((settings.node, settings.log.as_str()), (100, "info"));
    }

    #[test]
    fn an_address_does_not_print_its_password() {
        let args = SettingArgs {
            database: Some("postgres://me:pass@host/d".into()),
            redis: Some("redis://:pass@host".into()),
            ..SettingArgs::default()
        };
        assert!(!format!("{args:?}").contains("pass"), "{args:?}");
        let settings = load(&args).expect("good");
        let redis = settings.redis.expect("it is set");
        assert_eq!(redis.reveal(), "redis://:pass@host");
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
