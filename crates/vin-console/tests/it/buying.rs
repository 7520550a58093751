//! Buying calls: ordering, transfers, codes, coupons, the free trial.

use super::*;
use vin_service::people::{Product, Way};

/// A site that sells 1000 calls for 99 yuan by transfer, and its finance operator.
pub async fn shop(site: &Site) -> Browser {
    let store = site.accounts().store();
    let thousand = Product {
        calls: 1_000,
        price_fen: 9_900,
        days: 365,
        policy: "",
        named: true,
    };
    store.set_product(&thousand).await.expect("set");
    let bank = [("bank_account", "某某科技有限公司 6222 0000")];
    store.set_site(&bank, 1).await.expect("set");
    site.operator("fin", Role::Finance).await
}

/// Orders 1000 calls; the number of the purchase.
pub async fn order(customer: &mut Browser, coupon: &str) -> String {
    customer.get("/buy").await;
    let form = [("product", "1000"), ("way", "transfer"), ("coupon", coupon)];
    let got = customer.post("/buy", &form).await;
    assert_eq!(got.status, 303, "{}", got.body);
    let number = got.to.strip_prefix("/purchases/").expect(&got.to);
    number.to_owned()
}

#[test]
fn a_transfer_is_granted_once_the_operator_has_seen_it() {
    on_site(async |site| {
        let mut finance = shop(&site).await;
        let (mut customer, id) = site.customer("13812345678", 0).await;
        let number = order(&mut customer, "").await;
        let page = format!("/purchases/{number}");
        assert_shows(&customer.get(&page).await, "6222 0000");
        let form = async |finance: &mut Browser, reference, amount| {
            let admin = format!("/admin/purchases/{number}");
            finance.get(&admin).await;
            let form = [("reference", reference), ("amount", amount)];
            finance.post(&format!("{admin}/confirm"), &form).await
        };
        for (reference, amount) in [("B1", "98.99"), ("", "99.00"), ("B1", "99.001")] {
            let got = form(&mut finance, reference, amount).await;
            assert_eq!(got.status, 422, "{reference} {amount}");
        }
        let left = async || {
            let lots = site.accounts().store().lots(id, 1).await.expect("read");
            lots.iter().map(|lot| lot.remaining).sum::<i64>()
        };
        assert_eq!(left().await, 0);
        for _ in 0..2 {
            let got = form(&mut finance, "B1", "99.00").await;
            assert_eq!(got.status, 303, "{}", got.body);
        }
        assert_eq!(left().await, 1_000);
        assert_shows(&customer.get(&page).await, "次数已到账");
        let got = customer.post(&format!("{page}/cancel"), &[]).await;
        assert_eq!(got.status, 422, "what was paid is not cancelled");
        let got = finance.get("/admin/purchases?state=granted").await;
        assert_shows(&got, &number);
        // Sent back, the calls are gone, and only once.
        let payments = site.accounts().store();
        let row = payments.purchase(&number, None).await.expect("read");
        let payment = payments
            .payments(row.expect("there").id)
            .await
            .expect("read");
        let payment = payment[0].id.to_string();
        let refund = format!("/admin/purchases/{number}/refund");
        let back = [
            ("payment", &*payment),
            ("amount", "90.00"),
            ("reason", "未使用"),
        ];
        for _ in 0..2 {
            let got = finance.post(&refund, &back).await;
            assert_eq!(got.status, 303, "{}", got.body);
        }
        assert_eq!(left().await, 0);
        let checked = site.accounts().store().check().await.expect("checked");
        assert!(checked.wrong.is_empty(), "{:?}", checked.wrong);
        let deeds = payments.deeds("fin", "", i64::MAX, 50).await.expect("read");
        let noted = deeds
            .iter()
            .filter(|deed| deed.action.starts_with("purchase."));
        assert_eq!(noted.count(), 4);
    });
}

#[test]
fn buying_needs_a_verified_name_where_the_product_says_so() {
    on_site(async |site| {
        shop(&site).await;
        let (mut customer, id) = site.customer("13812345678", 0).await;
        let store = site.accounts().store();
        store.verify_account(id, false).await.expect("set");
        customer.get("/buy").await;
        let form = [("product", "1000"), ("way", "transfer")];
        let got = customer.post("/buy", &form).await;
        assert_eq!(got.status, 422);
        assert!(got.body.contains("请先完成实名认证"), "{}", got.body);
        let key = site.accounts().create_key(id, &Default::default()).await;
        let key = key.expect("made").key;
        let look_up = format!("/api/vin/get?key={}&vin=WP0AA2978BL012976", key.reveal());
        assert!(
            customer
                .get(&look_up)
                .await
                .body
                .starts_with(r#"{"code":400"#)
        );
        let mut products = store.products().await.expect("read");
        products[2].named = false;
        store.set_product(&products[2]).await.expect("set");
        let number = order(&mut customer, "").await;
        let paid = site
            .accounts()
            .confirm_transfer(&number, "B1", 9_900, "fin");
        paid.await.expect("paid");
        assert!(
            customer
                .get(&look_up)
                .await
                .body
                .starts_with(r#"{"code":200"#)
        );
    });
}

#[test]
fn nobody_sees_or_cancels_the_purchase_of_another() {
    on_site(async |site| {
        shop(&site).await;
        let (mut one, _) = site.customer("13812345678", 0).await;
        let (mut two, _) = site.customer("13912345678", 0).await;
        let number = order(&mut one, "").await;
        let page = format!("/purchases/{number}");
        assert_eq!(two.get(&page).await.status, 404);
        assert_eq!(two.post(&format!("{page}/cancel"), &[]).await.status, 404);
        let got = one.post(&format!("{page}/cancel"), &[]).await;
        assert_eq!(got.status, 303);
        assert_shows(&one.get(&page).await, "已取消");
        // A way that is not offered here.
        let form = [("product", "1000"), ("way", "alipay_qr")];
        assert_eq!(one.post("/buy", &form).await.status, 422);
    });
}

#[test]
fn codes_are_shown_once_and_redeemed_once() {
    on_site(async |site| {
        let mut finance = shop(&site).await;
        finance.get("/admin/codes").await;
        let form = [
            ("name", "展会"),
            ("count", "3"),
            ("calls", "50"),
            ("days", "30"),
            ("lives", "10"),
        ];
        let got = finance.post("/admin/codes", &form).await;
        let disposition = got.headers["content-disposition"].to_str().expect("text");
        assert_eq!(disposition, "attachment; filename=\"codes-1.csv\"");
        let codes: Vec<_> = got.body.lines().skip(1).map(|line| &line[..23]).collect();
        assert_eq!(codes.len(), 3, "{}", got.body);
        let page = finance.get("/admin/codes").await;
        assert!(codes.iter().all(|code| !page.body.contains(code)));
        let (mut one, id) = site.customer("13812345678", 0).await;
        let (mut two, _) = site.customer("13912345678", 0).await;
        let redeem = async |browser: &mut Browser, code: &str| {
            browser.get("/redeem").await;
            browser.post("/redeem", &[("code", code)]).await
        };
        assert_eq!(redeem(&mut one, &codes[0].to_lowercase()).await.status, 303);
        for (first, code, why) in [
            (true, codes[0], "已使用"),
            (false, codes[0], "已使用"),
            (false, "AAAAA-AAAAA-AAAAA-AAAAB", "请检查每个字符"),
        ] {
            let browser = if first { &mut one } else { &mut two };
            let got = redeem(browser, code).await;
            assert_eq!(got.status, 422);
            assert!(got.body.contains(why), "{code}: {}", got.body);
        }
        let lots = site.accounts().store().lots(id, 1).await.expect("read");
        assert_eq!((lots.len(), lots[0].remaining), (1, 50));
        assert_eq!(finance.post("/admin/codes/1", &[]).await.status, 303);
        assert_eq!(redeem(&mut two, codes[1]).await.status, 422, "withdrawn");
        let checked = site.accounts().store().check().await.expect("checked");
        assert!(checked.wrong.is_empty(), "{:?}", checked.wrong);
    });
}

#[test]
fn a_coupon_makes_it_cheaper() {
    on_site(async |site| {
        let mut finance = shop(&site).await;
        finance.get("/admin/codes").await;
        let form = [
            ("code", "autumn"),
            ("kind", "fen"),
            ("off", "9.00"),
            ("least", "50"),
            ("uses", "1"),
            ("lives", "10"),
        ];
        let got = finance.post("/admin/coupons", &form).await;
        assert_eq!(got.status, 303, "{}", got.body);
        let (mut one, _) = site.customer("13812345678", 0).await;
        let number = order(&mut one, " Autumn ").await;
        assert_shows(&one.get(&format!("/purchases/{number}")).await, "¥90.00");
        let form = [
            ("product", "1000"),
            ("way", "transfer"),
            ("coupon", "AUTUMN"),
        ];
        let got = one.post("/buy", &form).await;
        assert!(got.body.contains("优惠码无效"), "{}", got.body);
    });
}

#[test]
fn a_purchase_that_is_not_paid_expires() {
    on_site(async |site| {
        shop(&site).await;
        let (mut customer, id) = site.customer("13812345678", 0).await;
        let number = order(&mut customer, "").await;
        let accounts = site.accounts();
        assert_eq!(accounts.expire_transfers().await.expect("looked"), 0);
        site.clock.pass(Duration::from_secs(7 * 86_400));
        assert_eq!(accounts.expire_transfers().await.expect("looked"), 1);
        let row = accounts.store().purchase(&number, Some(id)).await;
        let row = row.expect("read").expect("there");
        assert_eq!((row.state.name(), row.way), ("expired", Way::Transfer));
    });
}
