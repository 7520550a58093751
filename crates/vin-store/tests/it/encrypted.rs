//! TLS to PostgreSQL: whom a store trusts, and that it speaks in clear to nobody who must not be.

use tempfile::TempDir;
use vin_store::{DatabaseUrl, Store};
use vin_testkit::{Authority, Cluster};

/// A server that an authority vouches for as `host`, and that authority's certificate in a file.
struct Net {
    dir: TempDir,
    cluster: Cluster,
    /// A database there, `postgres://…`.
    url: String,
}

impl Net {
    fn of(host: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let authority = Authority::new();
        authority.save(&dir.path().join("ca.crt"));
        Authority::new().save(&dir.path().join("other.crt"));
        let cluster = Cluster::secure(&authority, host);
        let url = cluster.database();
        Self { dir, cluster, url }
    }

    async fn open(&self, mode: &str, trusted: &str) -> Result<Store, String> {
        let ca = self.dir.path().join(trusted);
        let url = format!("{}?sslmode={mode}&sslrootcert={}", self.url, ca.display());
        let url = DatabaseUrl::parse(&url).expect("a URL");
        Store::open(&url).await.map_err(|error| error.to_string())
    }

    #[track_caller]
    fn is_refused(opened: Result<Store, String>, part: &str) {
        let error = opened.expect_err("must be refused");
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn a_server_is_entered_when_its_certificate_is_right_and_not_in_clear() {
    let net = Net::of("127.0.0.1");
    let store = net.open("verify-full", "ca.crt").await.expect("opens");
    store.ping().await.expect("answers");
    let sql =
        "select bool_and(ssl), count(*) > 0 from pg_stat_ssl join pg_stat_activity using (pid)
               where application_name = 'chejia'";
    assert_eq!(net.cluster.run(&net.url, sql), "t|t");
    store.close().await;
    net.open("require", "ca.crt").await.expect("opens");
    let unknown = "invalid peer certificate";
    Net::is_refused(net.open("verify-full", "other.crt").await, unknown);
    Net::is_refused(net.open("verify-ca", "other.crt").await, unknown);
    Net::is_refused(net.open("disable", "ca.crt").await, "no encryption");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_enough_for_verify_ca_only() {
    let net = Net::of("db.example.com");
    net.open("verify-ca", "ca.crt").await.expect("opens");
    let opened = net.open("verify-full", "ca.crt").await;
    Net::is_refused(opened, "not valid for name");
}

#[tokio::test]
async fn a_server_without_tls_is_not_entered_when_it_is_demanded() {
    let url = format!("{}?sslmode=verify-full", Cluster::shared().database());
    let url = DatabaseUrl::parse(&url).expect("a URL");
    let error = Store::open(&url).await.expect_err("must be refused");
    assert!(error.to_string().contains("TLS"), "{error}");
}
