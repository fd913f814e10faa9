"""Addresses of collections, lightboxes and exhibitions."""

from django.urls import path

from dam.collections import arrange_views, exhibition_pages, exhibition_views, lightbox_views, views

of_collections = [
    path("collections/", views.collections, name="collections"),
    path("collections/smart/", views.new_smart_collection, name="new-smart-collection"),
    path("collections/<int:pk>/", views.collection, name="collection"),
    path("collections/<int:pk>/edit/", views.edit_collection, name="edit-collection"),
    path("collections/<int:pk>/delete/", views.delete_collection, name="delete-collection"),
    path("collections/<int:pk>/arrange/", arrange_views.arrange, name="arrange-collection"),
    path("collections/<int:pk>/order/", arrange_views.order, name="order-collection"),
    path("collections/<int:pk>/cover/", arrange_views.set_cover, name="collection-cover"),
    path("collections/<int:pk>/move/", arrange_views.move_collection, name="move-collection"),
    path("libraries/new/", views.new_library, name="new-library"),
    path("assets/<int:pk>/collections/", views.add_asset, name="add-to-collection"),
    path(
        "assets/<int:pk>/collections/<int:collection_pk>/remove/",
        views.remove_asset,
        name="remove-from-collection",
    ),
]

of_lightboxes = [
    path("lightboxes/", lightbox_views.lightbox_list, name="lightboxes"),
    path("lightboxes/<int:pk>/", lightbox_views.lightbox, name="lightbox"),
    path("lightboxes/<int:pk>/compare/", lightbox_views.compare, name="compare-lightbox"),
    path("lightboxes/<int:pk>/change/", lightbox_views.change_lightbox, name="change-lightbox"),
    path("lightboxes/<int:pk>/share/", lightbox_views.share_lightbox, name="share-lightbox"),
    path("lightboxes/<int:pk>/collection/", lightbox_views.into_collection, name="lightbox-collection"),
    path("lightboxes/<int:pk>/items/<int:item_pk>/", lightbox_views.change_item, name="change-pick"),
    path("assets/<int:pk>/lightbox/", lightbox_views.pick, name="pick"),
]

of_exhibitions = [
    path("exhibitions/", exhibition_views.exhibition_list, name="exhibitions"),
    path("exhibitions/<int:pk>/edit/", exhibition_views.edit_exhibition, name="edit-exhibition"),
    path("exhibitions/<int:pk>/state/", exhibition_views.exhibition_state, name="exhibition-state"),
    path("exhibitions/<int:pk>/sections/", exhibition_views.add_section, name="add-section"),
    path(
        "exhibitions/<int:pk>/sections/<int:section_pk>/",
        exhibition_views.change_section,
        name="change-section",
    ),
    path(
        "exhibitions/<int:pk>/sections/<int:section_pk>/moments/",
        exhibition_views.add_moments,
        name="add-moments",
    ),
    path(
        "exhibitions/<int:pk>/moments/<int:moment_pk>/",
        exhibition_views.change_moment,
        name="change-moment",
    ),
    path("libraries/<int:pk>/public/", exhibition_views.public_pages, name="public-pages"),
    path("exhibitions/<slug:slug>/", exhibition_pages.exhibition, name="exhibition"),
    path(
        "exhibitions/<slug:slug>/media/<int:item>/<slug:rendition>",
        exhibition_pages.exhibition_media,
        name="exhibition-media",
    ),
]

urlpatterns = [*of_collections, *of_lightboxes, *of_exhibitions]
