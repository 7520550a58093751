"""The package as its users use it."""

import datetime
import json
import subprocess
import sys
import threading
import unittest

import chejia
import pyarrow as pa

PAGE_VIN = "WPOAA2978BL012976"
REPAIRED = "WP0AA2978BL012976"
HONDA = "1HGCM82633A004352"
DAY = "2026-11-24"


class Decode(unittest.TestCase):
    def test_a_vehicle_has_every_field_in_the_shape_of_a_server(self):
        found = chejia.decode(PAGE_VIN, explain=True, as_of=datetime.date(2026, 11, 24))
        self.assertEqual(found["status"], "found")
        result = found["result"]
        self.assertEqual(result["vin"], REPAIRED)
        self.assertEqual(result["brand"], "保时捷")
        self.assertIsInstance(result["typeid"], int)
        self.assertEqual(result["isimport"], 1)
        self.assertIsInstance(result["carlist"], list)
        self.assertEqual(found["match"]["notes"][0]["code"], "letter_o")
        self.assertTrue(found["explain"])
        json.dumps(found)

    def test_what_is_no_vin_and_what_is_not_known_is_an_answer(self):
        self.assertEqual(
            chejia.decode("123", lang="en"),
            {"status": "refused", "error": "vin must have 17 characters, this one has 3"},
        )
        self.assertEqual(chejia.decode("0" * 17), {"status": "unknown"})

    def test_the_pure_procedure_decodes_anything(self):
        found = chejia.decode(HONDA, vpic=True, as_of=DAY)
        self.assertEqual((found["vin"], found["model_year"], found["error_codes"]), (HONDA, 2003, [0]))
        self.assertEqual(found["attributes"]["Make"], "HONDA")
        self.assertNotEqual(chejia.decode("", vpic=True)["error_codes"], [0])

    def test_many_are_decoded_like_one(self):
        vins = [PAGE_VIN, "123", HONDA, "0" * 17] * 50
        for vpic in (False, True):
            many = chejia.decode_batch(vins, vpic=vpic, as_of=DAY)
            self.assertEqual(many, [chejia.decode(vin, vpic=vpic, as_of=DAY) for vin in vins])
        hinted = chejia.decode_batch([HONDA], years=[2033], vpic=True, as_of=DAY)
        self.assertEqual(hinted, [chejia.decode(HONDA, year=2033, vpic=True, as_of=DAY)])

    def test_answers_do_not_share_what_can_be_changed(self):
        one, other = chejia.decode_batch([HONDA, HONDA], as_of=DAY)
        one["result"]["brand"] = "?"
        one["result"]["carlist"].append("?")
        self.assertEqual(other, chejia.decode(HONDA, as_of=DAY))

    def test_wrong_arguments_are_refused(self):
        for wrong in (
            lambda: chejia.decode(HONDA, lang="fr"),
            lambda: chejia.decode(HONDA, as_of="today"),
            lambda: chejia.decode_batch([HONDA], years=[1, 2]),
            lambda: chejia.decode_arrow(pa.table({"vin": [HONDA]}), columns=["brands"]),
            lambda: chejia.decode_arrow(pa.table({"a": [1]})),
        ):
            self.assertRaises(ValueError, wrong)
        self.assertRaises(TypeError, lambda: chejia.decode_batch([1]))

    def test_threads_decode_at_once(self):
        wanted = chejia.decode_batch([HONDA, PAGE_VIN], as_of=DAY)
        wrong = []

        def work():
            for _ in range(100):
                if chejia.decode_batch([HONDA, PAGE_VIN], as_of=DAY) != wanted:
                    wrong.append(1)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


class Arrow(unittest.TestCase):
    def table(self):
        return pa.table({"no": [1, 2, 3], "车架号": [PAGE_VIN, None, HONDA]})

    def test_a_table_keeps_its_columns_and_gets_more(self):
        out = pa.table(chejia.decode_arrow(self.table(), columns=["status", "brand", "carid"], lang="en"))
        self.assertEqual(out.column_names, ["no", "车架号", "status", "brand", "carid"])
        self.assertEqual(out["status"].to_pylist(), ["found", "refused", "found"])
        self.assertEqual(out["brand"].to_pylist(), ["Porsche", None, "Honda"])
        self.assertEqual(out.schema.field("carid").type, pa.int64())
        self.assertEqual(out.schema.field("brand").type, pa.utf8())

    def test_every_field_is_a_column_with_the_values_of_decode(self):
        out = pa.table(chejia.decode_arrow(self.table(), as_of=DAY))
        row = out.slice(2, 1).to_pylist()[0]
        found = chejia.decode(HONDA, as_of=DAY)
        checked = 0
        for name, value in found["result"].items():
            if name not in row or value in ("", 0, None, []):
                continue
            self.assertEqual(json.loads(row[name]) if isinstance(value, list) else row[name], value)
            checked += 1
        self.assertGreater(checked, 15)
        self.assertEqual(row["match.confidence"], found["match"]["confidence"])

    def test_batches_are_decoded_while_they_are_read(self):
        read = []

        def batches():
            for n in range(3):
                read.append(n)
                yield pa.record_batch({"vin": [HONDA] * 10})

        source = pa.RecordBatchReader.from_batches(pa.schema([("vin", pa.utf8())]), batches())
        out = pa.RecordBatchReader.from_stream(chejia.decode_arrow(source, columns=["brand"]))
        self.assertEqual(read, [])
        self.assertEqual(out.read_next_batch().num_rows, 10)
        self.assertLess(len(read), 3)
        self.assertEqual(out.read_all().num_rows, 20)

    def test_nothing_of_the_source_is_copied(self):
        batch = pa.record_batch({"vin": [HONDA] * 1000, "note": ["x"] * 1000})
        out = pa.RecordBatchReader.from_stream(chejia.decode_arrow(batch, columns=["brand"])).read_next_batch()
        for name in ("vin", "note"):
            was = [buffer and buffer.address for buffer in batch[name].buffers()]
            now = [buffer and buffer.address for buffer in out[name].buffers()]
            self.assertEqual(was[1:], now[1:])

    def test_any_type_of_text_and_a_bare_array_will_do(self):
        for kind in (pa.utf8(), pa.large_utf8(), pa.string_view(), pa.dictionary(pa.int32(), pa.utf8())):
            array = pa.array([HONDA, None]).cast(kind)
            out = pa.table(chejia.decode_arrow(pa.table({"VIN": array}), columns=["brand"], lang="en"))
            self.assertEqual(out["brand"].to_pylist(), ["Honda", None], kind)
        out = pa.table(chejia.decode_arrow(pa.array([HONDA]), columns=["brand"], lang="en"))
        self.assertEqual(out.to_pylist(), [{"vin": HONDA, "brand": "Honda"}])

    def test_hits_alone_and_the_pure_procedure(self):
        out = pa.table(chejia.decode_arrow(self.table(), columns=["brand"], only_hits=True))
        self.assertEqual(out["no"].to_pylist(), [1, 3])
        out = pa.table(chejia.decode_arrow(self.table(), vpic=True, as_of=DAY))
        self.assertEqual(out["Make"].to_pylist()[2], "HONDA")
        self.assertGreater(out.num_columns, 140)

    def test_it_can_be_read_once(self):
        decoded = chejia.decode_arrow(self.table(), columns=["brand"])
        self.assertIn("brand", pa.schema(decoded).names)
        pa.table(decoded)
        self.assertRaises(Exception, lambda: pa.table(decoded))


class Types(unittest.TestCase):
    def test_the_stubs_are_those_of_the_package(self):
        command = [sys.executable, "-m", "mypy.stubtest", "chejia", "--ignore-missing-stub"]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_type_checker_finds_a_wrong_call(self):
        for code, right in (("chejia.decode('x', lang='en')['status']", True), ("chejia.decode(1)", False)):
            command = [sys.executable, "-m", "mypy", "--strict", "-c", f"import chejia\n{code}"]
            done = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual(done.returncode == 0, right, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
