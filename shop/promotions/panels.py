"""The editor of a promotion: what it gives, when, for what, for whom, and together with what."""

from typing import Any

from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel, PublishingPanel

from shop.promotions.argument_forms import ArgumentsPanel


class InWordsPanel(Panel):
    """What the promotion does, as last saved; its preview follows what is being typed."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/promotions/in_words.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            from shop.promotions.wording import explain  # reads the models that use this panel

            context = super().get_context_data(parent_context)
            if not self.instance.pk:
                return context
            return {**context, "saved": True, "sentences": explain(self.instance), "promotion": self.instance}


PROMOTION_PANELS = [
    # A draft without one could not be told from others in the list.
    FieldPanel("title", required_on_save=True),
    InWordsPanel(heading="In words"),
    ArgumentsPanel(),
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]), FieldPanel("with_code")], heading="When"
    ),
    MultiFieldPanel(
        [
            FieldPanel("applies_to"),
            FieldPanel("match"),
            FieldPanel("not_for"),
            FieldPanel("leave_out_reduced"),
            FieldRowPanel([FieldPanel("minimum_spend"), FieldPanel("minimum_quantity")]),
        ],
        heading="For what",
    ),
    MultiFieldPanel(
        [
            FieldPanel("groups"),
            FieldPanel("first_order"),
            FieldRowPanel([FieldPanel("limit_total"), FieldPanel("limit_per_customer")]),
        ],
        heading="For whom, and how often",
    ),
    MultiFieldPanel([FieldPanel("exclusive"), FieldPanel("priority")], heading="Together with other promotions"),
    PublishingPanel(),
]
