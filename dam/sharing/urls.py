"""Addresses of members, of share links, and of the pages of guests."""

from django.urls import path

from dam.sharing import guest_views, link_views, views

urlpatterns = [
    path("libraries/<int:pk>/members/", views.members, name="members"),
    path("libraries/<int:pk>/members/<int:membership_pk>/remove/", views.remove_member, name="remove-member"),
    path("links/", link_views.share_links, name="links"),
    path("links/new/", link_views.new_link, name="new-link"),
    path("assets/<int:pk>/share/", link_views.share_asset, name="share-asset"),
    path("collections/<int:pk>/share/", link_views.share_collection, name="share-collection"),
    path("links/<int:pk>/", link_views.link, name="link"),
    path("links/<int:pk>/edit/", link_views.edit_link, name="edit-link"),
    path("links/<int:pk>/revoke/", link_views.revoke_link, name="revoke-link"),
    path("links/<int:pk>/restore/", link_views.restore_link, name="restore-link"),
    path("links/<int:pk>/renew/", link_views.renew_link, name="renew-link"),
    path("s/<str:token>/", guest_views.guest, name="guest"),
    path("s/<str:token>/<int:pk>/", guest_views.guest_asset, name="guest-asset"),
    path("s/<str:token>/<int:pk>/transcript/", guest_views.guest_transcript, name="guest-transcript"),
    path("s/<str:token>/<int:pk>/captions.vtt", guest_views.guest_captions, name="guest-captions"),
    path("s/<str:token>/<int:pk>/download", guest_views.guest_download, name="guest-download"),
    path("s/<str:token>/<int:pk>/<slug:name>", guest_views.guest_rendition, name="guest-rendition"),
]
