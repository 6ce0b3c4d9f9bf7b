"""App configuration."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "shop.reviews"
    label = "reviews"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from shop.accounts import privacy
        from shop.catalog import listing_facts, sections
        from shop.orders.actions import registry
        from shop.reviews import signal_handlers
        from shop.reviews.invitations import INVITE
        from shop.reviews.models import Review
        from shop.reviews.personal_data import REVIEWS
        from shop.reviews.section import ReviewsSection
        from shop.reviews.selectors import counts, ratings
        from shop.reviews.viewsets import ReviewPermissionPolicy

        register_permission_policy(Review, ReviewPermissionPolicy(Review))
        signal_handlers.register()
        listing_facts.register("rating", ratings)
        listing_facts.register("reviews", counts)
        sections.register(ReviewsSection())
        registry.register(INVITE)
        privacy.registry.register(REVIEWS)
