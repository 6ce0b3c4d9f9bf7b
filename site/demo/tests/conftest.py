"""A demo of two products, small enough to load in every test."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from demo.content import Content, read_content

CATALOGUE = """
[[brands]]
slug = "thrandlow"
name = "Thrandlow Pottery"
description = "<p>Six potters and one dog.</p>"

[[categories]]
slug = "kitchen"
title = "Kitchen"
parent = ""
intro = "Pans and plates."
image = "kitchen"
seo_title = "Kitchenware"
search_description = "Pans and plates from Suffolk."

[[categories]]
slug = "tableware"
title = "Tableware"
parent = "kitchen"
intro = "Plates."
image = ""
seo_title = ""
search_description = ""

[[products]]
slug = "mug"
title = "Stoneware mug"
brand = "thrandlow"
category = "tableware"
days_ago = 16
summary = "A thrown mug."
body = "<p>Thrown by hand.</p>"
details = [["Material", "Stoneware"], ["Capacity", "320 ml"]]
images = [{ name = "mug", alt = "Chalk mug" }, { name = "mug--sea", alt = "Sea mug" }]
seo_title = "Hand-thrown mug"
search_description = "A mug from Suffolk."

[[products.variants]]
sku = "MUG-C"
barcode = "2041013678389"
options = [["Colour", "Chalk"]]
price = "18.00"
compare_at = ""
stock = 46
weight = 340
image = "mug"

[[products.variants]]
sku = "MUG-S"
barcode = ""
options = [["Colour", "Sea"]]
price = "18.00"
compare_at = "22.50"
stock = 0
weight = 340
image = "mug--sea"

[[products]]
slug = "plate"
title = "Dinner plate"
brand = "thrandlow"
category = "tableware"
also_in = ["kitchen"]
days_ago = 3
summary = "A plate."
body = "<p>Flat.</p>"
details = []
images = [{ name = "kitchen", alt = "" }]
seo_title = ""
search_description = ""
variants = [
  { sku = "PLATE", barcode = "", options = [], price = "24.00", compare_at = "", stock = 5, weight = 700, image = "" },
]
"""

PAGES = """
[settings]
name = "Ipswich Retail"
tagline = "Homeware"
email = "hello@ipswich-retail.example"
city = "Ipswich"
country = "GB"
currency = "GBP"

[[zones]]
name = "Britain"
countries = ["GB"]

[[zones.methods]]
kind = "free-from"
label = "By van"
max_days = 2
cut_off = 14:00:00
arguments = { price = "3.95", free_from = "60.00" }

[[zones]]
name = "Elsewhere"
rest_of_world = true

[[zones.methods]]
kind = "weight"
label = "By ship"
arguments = { bands = "2 kg: 12.95" }

[bank_account]
account_name = "Ipswich Retail Ltd"
sort_code = "00-00-00"
account_number = "01234567"

[announcement]
text = "Free delivery"
link = "about"

[[menus]]
location = "header"
items = [
  { label = "Kitchen", page = "kitchen", children = [{ label = "Tableware", page = "tableware" }] },
  { label = "Journal", page = "journal" },
]

[[menus]]
location = "footer"
groups = [{ heading = "About", links = [{ label = "The shop", page = "about" }] }]

[home]
title = "Ipswich Retail"
seo_title = "Homeware"
search_description = "A shop."

[[home.body]]
type = "hero"
heading = "Put the kettle on"
image = "kitchen"
image_alt = "A kitchen table"
primary = { label = "Look around", page = "kitchen" }

[[home.body]]
type = "product_rail"
heading = "By hand"
source = "hand"
products = ["plate", "mug"]

[[home.body]]
type = "product_rail"
heading = "Newest"
source = "category"
category = "kitchen"
limit = 1
link = { label = "All", page = "kitchen" }

[[home.body]]
type = "category_tiles"
heading = "Browse"
tiles = [{ category = "kitchen" }]

[[home.body]]
type = "faq"
heading = "Questions"
items = [{ question = "What does delivery cost?", html = "<p>£3.95.</p>" }]

[[pages]]
slug = "about"
title = "About the shop"
seo_title = ""
search_description = ""
image = "kitchen"

[[pages.body]]
type = "call_to_action"
heading = "Come in"
link = { label = "Read on", page = "sixty" }

[journal]
slug = "journal"
title = "Journal"
intro = "Visits."
seo_title = ""
search_description = ""

[[stories]]
slug = "sixty"
title = "Sixty before lunch"
author = "Nell Garrod"
days_ago = 14
summary = "A day at the pottery."
image = "mug"
seo_title = ""
search_description = ""

[[stories.body]]
type = "rich_text"
html = "<p>Hester is at the wheel by seven.</p>"

[[stories.body]]
type = "quote"
text = "Stop in time."
attribution = "Hester Ablett"

[[stories.body]]
type = "gallery"
images = [{ image = "mug--sea", alt = "Drying", caption = "In rows." }]

[[stories.body]]
type = "image_text"
image = "mug"
html = "<p>Three weeks.</p>"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Both files and three pictures."""
    (tmp_path / "catalogue.toml").write_text(CATALOGUE)
    (tmp_path / "pages.toml").write_text(PAGES)
    for name, colour in (("mug", "white"), ("mug--sea", "seagreen"), ("kitchen", "tan"), ("social-card", "brown")):
        Image.new("RGB", (400, 400), colour).save(tmp_path / f"{name}.webp")
    return tmp_path


@pytest.fixture
def content(folder: Path) -> Content:
    return read_content(folder, folder)


@pytest.fixture
def address(settings: Any) -> str:
    """Where the shop is to be served."""
    settings.WAGTAILADMIN_BASE_URL = "http://localhost:8123"
    return "http://localhost:8123"
