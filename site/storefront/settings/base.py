"""What every environment shares. Nothing here reads a secret."""

# One file per integration; each says which variables of the environment it reads.
from storefront.settings.accounts import *
from storefront.settings.cache import *
from storefront.settings.database import *
from storefront.settings.env import BASE_DIR, env
from storefront.settings.mail import *
from storefront.settings.payments import *
from storefront.settings.search import *
from storefront.settings.security import *
from storefront.settings.storage import *
from storefront.settings.tasks import *

INSTALLED_APPS = [
    # top: the site's own wiring and the demo shop
    "storefront",
    "demo",
    # content and search
    "home",
    "search",
    # the shop, highest room first
    "shop.imports",
    "shop.feeds",
    "shop.checkout",
    "shop.payments",
    "shop.shipping",
    "shop.tax",
    "shop.reviews",
    "shop.wishlist",
    "shop.promotions",
    "shop.stock_alerts",
    "shop.screening",
    "shop.orders",
    "shop.cart",
    "shop.inventory",
    "shop.pricing",
    "shop.accounts",
    "shop.catalog",
    # what every page shares
    "cms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "storefront.requests.RequestIdMiddleware",
    "storefront.health.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "storefront.headers.ResponseHeadersMiddleware",
    "storefront.guards.NulCharacterMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page travels at a fifth of its size. Django pads what it compresses and masks CSRF tokens, against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "cms.middleware.SiteMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shop.accounts.middleware.AccountsMiddleware",
    "storefront.admin_guards.AdminGuardMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "storefront.urls"
WSGI_APPLICATION = "storefront.wsgi.application"
ASGI_APPLICATION = "storefront.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.context_processors.chrome",
            ],
            "builtins": ["django.templatetags.static", "wagtail.templatetags.wagtailcore_tags"],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Wagtail's page editor posts many fields; Django's default of 1,000 is too low for a long page.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Whether each request leaves a line in the log (storefront/requests.py); Django's own server does that itself.
LOG_REQUESTS = False

# Currency of a new shop (ISO 4217); the live one is on the shop settings screen.
DEFAULT_CURRENCY = "GBP"
# How long the link to an order's confirmation page works, in seconds (30 days).
ORDER_LINK_MAX_AGE = 30 * 24 * 3600

WAGTAIL_SITE_NAME = "Cornhill"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://localhost:8000")
WAGTAILIMAGES_IMAGE_MODEL = "cms.CustomImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.image_forms.ImageForm"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.CustomDocument"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
# With the encoder's speed in cms/avif.py: three quarters of WebP's bytes at its default quality of 80.
WAGTAILIMAGES_AVIF_QUALITY = 50
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024  # bytes
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024  # bytes
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# No request leaves for a third party when an editor opens the admin.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
