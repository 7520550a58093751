//! Tables whose order and choice stand in the address.

use super::*;
use vin_service::KeySpec;
use vin_service::people::{NewCoupon, NewNotice, Product, Way};

/// Whether one text stands before another, and both on the page.
#[track_caller]
fn check(got: &Got, first: &str, then: &str) {
    assert_shows(got, first);
    assert_shows(got, then);
    assert!(
        got.body.find(first) < got.body.find(then),
        "{first} is not before {then}: {}",
        got.body
    );
}

#[test]
fn every_table_is_sorted_and_filtered_by_its_address() {
    on_site(async |site| {
        let mut owner = site.operator("ada", Role::Owner).await;
        site.operator("bob", Role::Support).await;
        let (mut customer, id) = site.customer("13812345678", 0).await;
        let store = site.accounts().store();
        for (calls, price_fen) in [(1_000, 9_900), (200, 90_000)] {
            let product = Product {
                calls,
                price_fen,
                days: 365,
                policy: "",
                named: false,
            };
            store.set_product(&product).await.expect("set");
            let row = store.account(id).await.expect("read").expect("there");
            let ordered = site.accounts().order(&row, calls, Way::Transfer, "");
            ordered.await.expect("ordered");
        }
        for (title, at) in [("公告甲", 1), ("公告乙", 2)] {
            let new = NewNotice {
                title,
                body: "正文",
                starts_at: at,
                ends_at: NEVER,
                at,
            };
            store.publish(&new).await.expect("published");
        }
        for (code, off) in [("SPRING", 20), ("AUTUMN", 30)] {
            let new = NewCoupon {
                code,
                percent: true,
                off,
                least_fen: 0,
                uses: 10,
                ends_at: NEVER,
                at: 1,
                actor: "test",
            };
            store.make_coupon(&new).await.expect("made");
        }
        for name in ["batch b", "batch a"] {
            let made = site.accounts().make_codes(name, 1, 10, 0, NEVER, "test");
            made.await.expect("made");
        }
        for name in ["shop", "garage"] {
            let spec = KeySpec {
                name: name.to_owned(),
                ..KeySpec::default()
            };
            site.accounts().add_key(id, &spec).await.expect("added");
        }
        let account = format!("/admin/accounts/{}", id.0);
        for (path, first, then) in [
            ("/admin/operators?sort=name", "<td>ada", "<td>bob"),
            ("/admin/operators?sort=-name", "<td>bob", "<td>ada"),
            ("/admin/products?sort=price", ">1,000<", ">200<"),
            ("/admin/products?sort=-price", ">200<", ">1,000<"),
            ("/admin/notices?sort=from", "公告甲", "公告乙"),
            ("/admin/notices?sort=-from", "公告乙", "公告甲"),
            ("/admin/codes?coupons.sort=code", "AUTUMN", "SPRING"),
            ("/admin/codes?coupons.sort=off", "SPRING", "AUTUMN"),
            ("/admin/codes?batches.sort=name", "batch a", "batch b"),
            ("/admin/codes?batches.sort=-name", "batch b", "batch a"),
            ("/admin/purchases?sort=calls", ">200<", ">1,000<"),
            ("/admin/purchases?sort=-price", ">200<", ">1,000<"),
            (&format!("{account}?keys.sort=name"), ">garage", ">shop"),
            (&format!("{account}?keys.sort=-name"), ">shop", ">garage"),
            ("/docs/codes?sort=code", "<code>200<", "<code>429<"),
            ("/docs/codes?sort=-code", "<code>429<", "<code>200<"),
        ] {
            let got = owner.get(path).await;
            check(&got, first, then);
            let sorted = match path.contains("=-") {
                true => "aria-sort=\"descending\"",
                false => "aria-sort=\"ascending\"",
            };
            assert_shows(&got, sorted);
        }
        for (path, there, gone) in [
            ("/admin/operators?find=BOB", "<td>bob", "<td>ada"),
            ("/admin/notices?find=甲", "公告甲", "公告乙"),
            ("/admin/codes?coupons.find=spr", "SPRING", "AUTUMN"),
            (
                "/admin/codes?batches.find=a&coupons.find=x",
                "batch a",
                "SPRING",
            ),
            ("/admin/purchases?find=99.00", ">1,000<", ">200<"),
            (&format!("{account}?keys.find=gar"), ">garage", ">shop"),
            ("/docs/codes?find=429", "<code>429<", "<code>200<"),
        ] {
            let got = owner.get(&encoded(path)).await;
            assert_shows(&got, there);
            assert!(!got.body.contains(gone), "{path}: {}", got.body);
        }
        check(
            &customer.get("/purchases?sort=calls").await,
            ">200<",
            ">1,000<",
        );
        let got = customer.get("/purchases?find=900").await;
        assert!(!got.body.contains(">1,000<"), "{}", got.body);
        // An order keeps the choice of its own table and of the others.
        let got = owner.get("/admin/codes?coupons.find=spr&done=saved").await;
        assert_shows(&got, "?coupons.find=spr&#38;batches.sort=name\"");
        assert_shows(&got, "name=\"coupons.find\" value=\"spr\"");
    });
}

#[test]
fn rows_keep_their_forms_in_every_order() {
    on_site(async |site| {
        let mut owner = site.operator("ada", Role::Owner).await;
        let store = site.accounts().store();
        for title in ["<b>one</b>", "two"] {
            let new = NewNotice {
                title,
                body: "",
                starts_at: 1,
                ends_at: NEVER,
                at: 1,
            };
            store.publish(&new).await.expect("published");
        }
        let got = owner.get("/admin/notices?sort=-title&find=one").await;
        assert!(!got.body.contains("<b>one</b>"), "a text is no HTML");
        assert_shows(&got, "action=\"/admin/notices/1\"");
        assert!(!got.body.contains("action=\"/admin/notices/2\""));
        // The column of the forms has no order.
        assert_shows(&got, "<th scope=\"col\">操作</th>");
        let got = owner.post("/admin/notices/1", &[]).await;
        assert_eq!(got.to, "/admin/notices?done=saved");
        assert_shows(&owner.get("/admin/notices").await, "two");
    });
}

#[test]
fn sessions_and_the_history_are_sorted_each_by_itself() {
    on_site(async |site| {
        let (mut customer, _) = site.customer("13812345678", 0).await;
        site.clock.pass(Duration::from_hours(1));
        let mut other = site.browser();
        other.get("/login").await;
        let wrong = [("name", "13812345678"), ("password", "not the password")];
        other.post("/login", &wrong).await;
        other.sign_in("13812345678", PASSWORD).await;
        for (query, first, then) in [
            ("history.sort=-result", "登录成功</span>", "密码错误</span>"),
            ("history.sort=result", "密码错误</span>", "登录成功</span>"),
            ("sessions.sort=begun", "12:00 <span", "<td>2026-11-24 13:00"),
        ] {
            check(
                &customer.get(&format!("/security?{query}")).await,
                first,
                then,
            );
        }
        let got = customer
            .get(&encoded("/security?history.find=密码错误"))
            .await;
        assert!(!got.body.contains("登录成功</span>"), "{}", got.body);
        let got = customer.get(&encoded("/security?sessions.find=当前")).await;
        assert_shows(&got, "1 / 2");
    });
}

/// A path as browsers send it.
fn encoded(path: &str) -> String {
    let one = |c: char| match c.is_ascii() {
        true => c.to_string(),
        false => form_urlencoded::byte_serialize(c.to_string().as_bytes()).collect(),
    };
    path.chars().map(one).collect()
}
